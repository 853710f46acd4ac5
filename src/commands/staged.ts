/** The folder that a command writes its reports to, from its opening to its end, and what can go wrong with the disk meanwhile. */
import { resolve } from 'node:path';
import { openStaging, type Staging } from '../publish/staging.ts';
import { StagingError } from '../publish/staging-error.ts';
import { storageProblem, temporaryFolder } from '../publish/storage-problem.ts';
import { isSystemError } from '../system-error.ts';
import { SuiteFailed } from './exit.ts';
import { type Interruption, interruption } from './interruption.ts';

/**
 * Opens the folder, has `work` write to it, and takes away what is left in it, whatever ended the work. A signal does not end the process:
 * `work` learns of it.
 * @throws what `openStaging` and `work` throw; StagingError where `work` failed because a disk is full or cannot be written.
 */
export async function inStaging<T>(reportsDir: string, work: (staging: Staging, interrupted: Interruption) => Promise<T>): Promise<T> {
  const folder = resolve(reportsDir);
  // Before there is anything to take away.
  const interrupted = interruption();
  const staging = openStaging(folder);
  try {
    return await work(staging, interrupted);
  } catch (error) {
    // If the tests met it, their output is all that is known of it.
    const problem =
      isSystemError(error) || error instanceof SuiteFailed
        ? storageProblem(error, [{ folder, variable: 'REPORTS_DIR' }, temporaryFolder()])
        : undefined;
    throw problem === undefined ? error : new StagingError('not-writable', problem);
  } finally {
    await staging.discard();
  }
}
