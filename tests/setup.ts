/**
 * Global setup: opens what is tested, and judges for the workers, over a socket that only this user can open. What was asked and the keys
 * that it was asked with stay in this process: they are taken out of the environment before a worker inherits it.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FullConfig } from '@playwright/test';
import { type Asking, openAsking } from '../src/ask/asking.ts';
import { readConfiguration, secretNames, settings } from '../src/configuration/configuration.ts';
import { readEnvironment } from '../src/configuration/environment.ts';
import type { Judgement, Result } from '../src/judge/check.ts';
import { historiesFor, isRequirementId, judgementOf, judges } from '../src/judge/judges.ts';
import { handedOver } from '../src/keys/secret.ts';
import type { Life } from '../src/recording/life.ts';
import { timelineOf } from '../src/report/timeline.ts';
import { announce, isCommanded, tell } from './telling.ts';

export default async function setup(_config: FullConfig): Promise<() => Promise<void>> {
  const environment = readEnvironment(process.env, process.cwd());
  const configuration = readConfiguration(environment);
  const secrets = secretNames.map((name) => [name, process.env[name]] as const);
  for (const name of secretNames) delete process.env[name];
  const asking = await openAsking(configuration, {
    onKey: (key) => tell({ type: 'keys', keys: [handedOver(key)] }),
    reset: process.env.CONFORMANCE_RESET === '1',
    environment: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CONFORMANCE_'))) as Record<
      string,
      string
    >,
  });
  const startedAt = Date.now();
  announce({
    kind: asking.kind,
    products: asking.products,
    seed: asking.seed,
    settings: settings(environment, configuration, asking.seed),
    warnings: environment.warnings,
    begin: (selected) => {
      asking.forget();
      return asking.begin((product) => historiesFor(selected, product));
    },
  });

  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const leave = (): void => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(1);
  };
  // A command that was killed takes the asking with it: nothing more is sent, and nothing is written where the next run writes.
  if (isCommanded()) process.once('disconnect', leave);
  const socket = join(folder, 'socket');
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://socket');
    judge(asking, searchParams.get('requirement') ?? '', searchParams.get('product') ?? '').then(
      (result) => {
        tell({ type: 'result', ...result });
        response.end(JSON.stringify(result.judgement));
      },
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : 'failed'),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  process.env.CONFORMANCE_SOCKET = socket;

  const progress = setInterval(() => tell({ type: 'progress', ...asking.tally() }), progressMs).unref();
  return async () => {
    clearInterval(progress);
    process.off('disconnect', leave);
    server.closeAllConnections();
    await Promise.all([new Promise((resolve) => server.close(resolve)), asking.close()]);
    rmSync(folder, { recursive: true, force: true });
    // An editor keeps this process, and may want another setup of it.
    delete process.env.CONFORMANCE_SOCKET;
    for (const [name, value] of secrets) if (value !== undefined) process.env[name] = value;
    tell({
      type: 'ended',
      ...asking.tally(),
      durationMs: Date.now() - startedAt,
      keyChanged: asking.keyChanged(),
      timelines: [...lives.values()].flatMap((each) => timelineOf(each) ?? []),
    });
  };
}

const lives = new Map<string, Life>();

/** How often the command hears how far it is, in ms. */
const progressMs = 200;

/** Waits for what the requirement is judged over, which is asked now where it has not been. */
async function judge(asking: Asking, requirement: string, product: string): Promise<Result> {
  if (!isRequirementId(requirement)) throw new Error(`no such requirement: ${requirement}`);
  const ids = asking.subjects.map(({ spec }) => spec.id).filter((id) => product === 'account' || product === id);
  const recorded = await Promise.all(ids.map((id) => asking.recorded(id, new Set(judges[requirement].needs))));
  for (const { first, life } of recorded) if (life !== undefined) lives.set(first.product, life);
  const judgement = withLessEvidence(judgementOf(requirement, recorded));
  return { requirement, product: product as Result['product'], judgement };
}

/** What conforms needs no evidence but an example, and nobody reads more than some exchanges of a finding. */
function withLessEvidence(judgement: Judgement): Judgement {
  if (judgement.kind !== 'checked') return judgement;
  const checks = judgement.checks.map((check, index) => ({
    ...check,
    evidence: check.verdict === 'conforms' && index > 0 ? [] : check.evidence.slice(0, exchangesShown),
  }));
  return { kind: 'checked', checks };
}
const exchangesShown = 4;
