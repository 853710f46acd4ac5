/**
 * Global setup: opens what is tested and hands what was asked of it to the workers, over a socket that only this user can open. Keys stay
 * in this process: they are taken out of the environment before a worker inherits it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FullConfig } from '@playwright/test';
import { isProductId } from '../src/spec/index.ts';
import { readConfiguration, readEnvironment, secretNames, settings } from '../src/target/index.ts';
import { openAsking } from './asking.ts';
import type { HistoryKind } from './judges/index.ts';
import { announce, type Message, tell } from './telling.ts';

export default async function setup(_config: FullConfig): Promise<() => Promise<void>> {
  const environment = readEnvironment(process.env, process.cwd());
  const configuration = readConfiguration(environment);
  for (const name of secretNames) delete process.env[name];
  const asking = await openAsking(configuration, { onKey: (raw) => tell({ type: 'keys', keys: [raw] }) });
  const startedAt = Date.now();
  announce({
    kind: asking.kind,
    products: asking.products,
    seed: asking.seed,
    settings: settings(environment, configuration, asking.seed),
    warnings: environment.warnings,
    begin: (selected) => {
      asking.forget();
      return asking.begin(selected);
    },
  });

  const folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  const socket = join(folder, 'socket');
  const server = createServer((request, response) => {
    const answer = async (): Promise<unknown> => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://socket');
      if (pathname === '/result') return tell(JSON.parse(await bodyOf(request)) as Message);
      const product = searchParams.get('product') ?? '';
      if (!isProductId(product)) throw new Error(`no such product: ${product}`);
      const part = searchParams.get('part') as HistoryKind | 'documented';
      // Of the three histories each stands on the first.
      const recorded = await asking.recorded(product, new Set(part === 'documented' ? [] : ['accepted', part]));
      return { accepted: recorded.first, refused: recorded.second, life: recorded.life, documented: recorded.documented }[part];
    };
    answer().then(
      (value) => response.end(JSON.stringify(value ?? null)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.message : 'failed'),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  process.env.CONFORMANCE_SOCKET = socket;

  const progress = setInterval(() => tell({ type: 'progress', ...asking.tally() }), progressMs).unref();
  return async () => {
    clearInterval(progress);
    server.closeAllConnections();
    await Promise.all([new Promise((resolve) => server.close(resolve)), asking.close()]);
    rmSync(folder, { recursive: true, force: true });
    tell({ type: 'ended', ...asking.tally(), durationMs: Date.now() - startedAt });
  };
}

/** How often the command hears how far it is, in ms. */
const progressMs = 200;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
