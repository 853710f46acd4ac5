/** The real command in its own process, without the variables of the person who runs the proof. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { scripts } from '../package.json';
import { withoutOurs } from '../src/configuration/environment.ts';

export const root = join(__dirname, '..');

export interface Done {
  readonly code: number | null;
  /** Standard output and standard error, interleaved. */
  readonly text: string;
}

export interface Started {
  readonly child: ChildProcess;
  /** The output so far. */
  text(): string;
  /** Resolves once this text was printed, or the process has ended. */
  printed(wanted: string): Promise<void>;
  readonly ended: Promise<Done>;
}

/** Variables of Playwright, Node.js and proxies, which may be set on a developer's machine. */
const notOurs = /^(TEST_(WORKER|PARALLEL)_INDEX|FORCE_COLOR|NO_COLOR|DEBUG|NODE_.*|PLAYWRIGHT_.*|CONFORMANCE_.*|(HTTPS?|ALL|NO)_PROXY)$/i;

/** The current environment, without variables that would change what a command does. */
export const plainEnvironment = (): NodeJS.ProcessEnv =>
  withoutOurs(Object.fromEntries(Object.entries(process.env).filter(([name]) => !notOurs.test(name))));

export interface StartOptions {
  readonly script?: keyof typeof scripts;
  /** The working directory. */
  readonly cwd?: string;
  /** A program and its arguments that start it in turn. */
  readonly under?: readonly string[];
}

export function start(
  args: readonly string[],
  variables: Readonly<Record<string, string>>,
  { script = 'conformance', cwd = root, under = [] }: StartOptions = {},
): Started {
  // As `npm run` does, but without npm, which would not forward a signal.
  const [, ...parts] = scripts[script].split(' ');
  const placed = parts.map((part) => (part.startsWith('-') ? part : join(root, part)));
  const [program = process.execPath, ...before] = [...under, process.execPath];
  return run([...before, ...placed, ...args], variables, cwd, program);
}

/** Plain `npx playwright test`, without the command. `cwd`: the working directory. */
export const plainPlaywright = (args: readonly string[], variables: Readonly<Record<string, string>>, cwd = root): Promise<Done> =>
  run([require.resolve('@playwright/test/cli'), 'test', '--config', join(root, 'playwright.config.ts'), ...args], variables, cwd).ended;

/** Any program, in this folder. */
export const program = (
  path: string,
  args: readonly string[],
  cwd: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<Done> => run(args, variables, cwd, path).ended;

/** Runs lines in a shell, in this folder and without any of the suite's variables. */
export const shell = (lines: string): Promise<Done> => run(['-c', lines], {}, root, 'sh').ended;

function run(args: readonly string[], variables: Readonly<Record<string, string>>, cwd: string, program = process.execPath): Started {
  const child = spawn(program, args, { cwd, env: { ...plainEnvironment(), ...variables }, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const text = (): string => Buffer.concat(chunks).toString('utf8');
  return {
    child,
    text,
    async printed(wanted) {
      while (child.exitCode === null && !text().includes(wanted)) await sleep(20);
    },
    ended: new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve({ code, text: text() }));
    }),
  };
}

export const conformance = (args: readonly string[], variables: Readonly<Record<string, string>>): Promise<Done> =>
  start(args, variables).ended;
