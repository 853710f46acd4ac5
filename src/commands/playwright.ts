/** Runs the tests in a Playwright process, receives their results, and masks everything that it prints. */
import { type ChildProcess, spawn } from 'node:child_process';
import Module from 'node:module';
import { join } from 'node:path';
import type { Selected } from '../judge/judges.ts';
import { maskLines } from '../keys/masker.ts';
import type { Vault } from '../keys/vault.ts';
import { stopWaiting } from '../recording/handover.ts';
import { unusedVariables } from '../report/allure/settings.ts';
import type { Message } from '../report/message.ts';
import { moduleAt, root } from '../root.ts';
import type { ProductId } from '../specifications/model.ts';
import type { Options } from './options.ts';
import { grepFor } from './selection.ts';

/**
 * Most of the start is compiling. From 22.1 on, Node.js keeps what it has compiled, for this process and those that it starts. The folder
 * belongs to this user, because anyone who can write there can run code.
 */
const compiled = join(root, 'node_modules', '.cache', 'compiled');
(Module as { enableCompileCache?: (folder: string) => unknown }).enableCompileCache?.(compiled);

/** In MiB, half of the default, for this process and its worker: as fast, with 25 MB less (bench/README.md). */
const smallYoungGeneration = '--max-semi-space-size=8';

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Standard error of the process, masked. */
  readonly errors: string;
}

export interface Playing {
  readonly ended: Promise<Ended>;
  /** Ends the tests early, and removes the recordings, so that no test waits for another one. Does nothing once the tests have ended. */
  interrupt(): void;
}

export interface PlayOptions extends Pick<Options, 'reporters' | 'trace'> {
  readonly selected: readonly Selected[];
  readonly products: readonly ProductId[];
  /** Where the recordings are; undefined lists the tests without running them. */
  readonly recordings: string | undefined;
  /** Where everything is written. */
  readonly staging: string;
}

/** The process gets no key in its environment: the tests judge recordings. */
export function runPlaywright(options: PlayOptions, vault: Vault, onMessage: (message: Message) => void): Playing {
  const child = spawn(
    process.execPath,
    [smallYoungGeneration, require.resolve('@playwright/test/cli'), 'test', '--config', moduleAt('tests/config'), ...argumentsOf(options)],
    {
      env: {
        ...process.env,
        ...Object.fromEntries(unusedVariables.map((name) => [name, undefined])),
        ...outputs(options.staging),
        NODE_COMPILE_CACHE: compiled,
        ...(options.reporters.every((each) => builtInReporters.includes(each)) ? compiledAlready : {}),
        CONFORMANCE_COMMAND: '1',
        CONFORMANCE_PRODUCTS: options.products.join(','),
        ...(options.recordings === undefined ? {} : { CONFORMANCE_RECORDINGS: options.recordings }),
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  child.on('message', onMessage);
  const errors: string[] = [];
  through(child, 'stdout', vault, (text) => process.stdout.write(text));
  through(child, 'stderr', vault, (text) => errors.push(text));
  return {
    ended: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (exitCode, signal) => resolve({ exitCode, signal, errors: errors.join('') }));
    }),
    interrupt() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGINT');
      // Playwright waits for a test that waits for a recording.
      if (options.recordings !== undefined) stopWaiting(options.recordings);
    },
  };
}

function through(child: ChildProcess, stream: 'stdout' | 'stderr', vault: Vault, write: (text: string) => void): void {
  const lines = maskLines((text) => vault.mask(text));
  child[stream]?.on('data', (chunk: Buffer) => write(lines.write(chunk)));
  child[stream]?.on('end', () => write(lines.end()));
}

/** Without its loader for TypeScript as ES modules Playwright starts half a second sooner. A reporter of the user's own may need it. */
const compiledAlready = { PW_DISABLE_TS_ESM: '1' };

/** Those of the pinned version of Playwright. */
export const builtInReporters: readonly string[] = [
  'blob',
  'coverage',
  'dot',
  'failures',
  'github',
  'html',
  'json',
  'junit',
  'line',
  'list',
  'null',
  'perfetto',
];

/** The suite's own reporters, in the order of tests/config.ts. */
const ours = ['tests/reporter', 'src/report/allure/reporter'];

function argumentsOf({ selected, reporters, trace, recordings }: PlayOptions): readonly string[] {
  const lists = recordings === undefined;
  return [
    '--pass-with-no-tests',
    `--grep=${grepFor(selected)}`,
    ...(trace === undefined ? [] : [`--trace=${trace}`]),
    ...(lists ? ['--list', '--reporter=list'] : []),
    // The suite's own reporters are never replaced.
    ...(reporters.length === 0 || lists ? [] : [`--reporter=${[...ours.map(moduleAt), ...reporters].join(',')}`]),
  ];
}

/** Playwright's `outputDir`. */
export const artifactsIn = (staging: string): string => join(staging, 'playwright', 'artifacts');

/** Playwright's reporters write below the staging folder, which is searched before anything is published. */
const outputs = (staging: string): Readonly<Record<string, string>> => ({
  CONFORMANCE_OUTPUT: artifactsIn(staging),
  PLAYWRIGHT_HTML_OUTPUT_DIR: join(staging, 'playwright', 'html'),
  PLAYWRIGHT_HTML_OPEN: 'never',
  PLAYWRIGHT_BLOB_OUTPUT_DIR: join(staging, 'playwright', 'blob'),
  PLAYWRIGHT_JSON_OUTPUT_FILE: join(staging, 'playwright', 'report.json'),
  PLAYWRIGHT_JUNIT_OUTPUT_FILE: join(staging, 'playwright', 'junit.xml'),
});
