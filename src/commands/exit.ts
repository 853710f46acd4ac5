/** Exit codes of `conformance` and `verify-reset`. */
import { UsageError } from '../configuration/usage.ts';
import { StagingError } from '../publish/staging-error.ts';
import { RecordingError } from '../recording/recording-error.ts';
import { SpecError } from '../specifications/source.ts';

export const exitCodes = { conforms: 0, violates: 1, usage: 2, inconclusive: 3, failed: 4, secret: 5, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Where several hold, the first of these counts. */
const order: readonly ExitCode[] = [5, 4, 130, 2, 1, 3, 0];

/** The code that a run ends with if all of these apply. */
export const gravest = (codes: readonly ExitCode[]): ExitCode => order.find((code) => codes.includes(code)) ?? 0;

/** The tests failed to produce their results. The message says how, followed by their output. */
export class SuiteFailed extends Error {}

/** Ends the process as `main` says. */
export function endWith(main: Promise<ExitCode>): void {
  let unwritten: ExitCode = exitCodes.conforms;
  // The work goes on without its output. A reader that wanted no more of it (`| head`) is no failure.
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE' || unwritten !== exitCodes.conforms) return;
    unwritten = exitCodes.failed;
    process.exitCode = unwritten;
    console.error(`Standard output cannot be written (${code}).`);
  });
  process.stderr.on('error', () => {});
  main.then(
    (code) => {
      process.exitCode = gravest([code, unwritten]);
    },
    (error: unknown) => {
      process.exitCode = exitCodeOf(error);
    },
  );
}

/** Explains what a command threw: wrong usage and folders in a sentence, an error that is ours with its stack. */
export function exitCodeOf(error: unknown): ExitCode {
  if ([UsageError, RecordingError, StagingError, SpecError].some((kind) => error instanceof kind)) console.error((error as Error).message);
  else if (error instanceof SuiteFailed) console.error(`The suite itself failed: ${error.message}`);
  else console.error(error);
  const isUsage =
    error instanceof UsageError || error instanceof RecordingError || (error instanceof StagingError && error.code === 'in-use');
  return isUsage ? exitCodes.usage : exitCodes.failed;
}
