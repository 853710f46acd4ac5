/** Runs a shell command of the user. The command line, its output and its environment may hold keys, so none of them is ever shown. */
import { spawn } from 'node:child_process';
import { Secret } from './secret.ts';

export interface CommandEnd {
  /** Null if a signal stopped it or it could not be started. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** Its standard output, up to one MiB. */
  readonly output: Secret;
  readonly durationMs: number;
}

/** In characters. */
const mostOutput = 1024 * 1024;
/** How long after a command's end to wait for more output, in ms. */
const outputLagMs = 300;

/**
 * Never rejects. The command is killed, with all processes that it started, after `timeoutMs` or when this process ends. What it leaves in the
 * background when it ends by itself goes on, and is not waited for.
 */
export function runCommand(command: Secret, env: Readonly<Record<string, string | Secret>>, timeoutMs: number): Promise<CommandEnd> {
  const startedAt = performance.now();
  const revealed = Object.entries(env).map(([name, value]) => [name, typeof value === 'string' ? value : value.reveal()]);
  const child = spawn(command.reveal(), {
    shell: true,
    // A process group of its own, so that its children can be killed with it.
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
      // The command has already ended.
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
      // It stays open as long as a process in the background holds it, and would keep this process alive.
      child.stdout.destroy();
      resolve({ exitCode, timedOut, output: new Secret(output), durationMs: performance.now() - startedAt });
    };
    child.once('error', () => done(null));
    child.once('close', done);
    // The output may stay open, see above.
    child.once('exit', (exitCode) => setTimeout(done, outputLagMs, exitCode));
  });
}
