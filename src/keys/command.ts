/** Runs a shell command of the user's. Line, output and environment may hold keys, so none of them is ever shown. */
import { spawn } from 'node:child_process';
import { Secret } from './secret.ts';

export interface CommandEnd {
  /** Null where a signal ended it, or it could not be started. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** What it printed on standard output, up to a mebibyte. */
  readonly output: Secret;
  readonly durationMs: number;
}

const mostOutput = 1024 * 1024;
/** How long output may lag behind the end of what printed it, in ms. */
const outputLagMs = 300;

/** Never rejects. All that the command started is ended with it when `timeoutMs` are over, or when this process ends. */
export function runCommand(command: Secret, env: Readonly<Record<string, string | Secret>>, timeoutMs: number): Promise<CommandEnd> {
  const startedAt = performance.now();
  const revealed = Object.entries(env).map(([name, value]) => [name, typeof value === 'string' ? value : value.reveal()]);
  const child = spawn(command.reveal(), {
    shell: true,
    // A group of its own, so that what it starts can be ended with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: Object.fromEntries(revealed),
  });
  let output = '';
  let timedOut = false;
  child.stdout.on('data', (chunk: Buffer) => {
    if (output.length < mostOutput) output += chunk.toString('utf8');
  });
  const end = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  };
  process.once('exit', end);
  const timer = setTimeout(() => {
    timedOut = true;
    end();
  }, timeoutMs);
  return new Promise((resolve) => {
    const done = (exitCode: number | null): void => {
      clearTimeout(timer);
      process.off('exit', end);
      resolve({ exitCode, timedOut, output: new Secret(output), durationMs: performance.now() - startedAt });
    };
    child.once('error', () => done(null));
    child.once('close', done);
    // What it left running in the background may keep its output open for ever.
    child.once('exit', (exitCode) => setTimeout(done, outputLagMs, exitCode));
  });
}
