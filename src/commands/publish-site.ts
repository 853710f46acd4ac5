/** `npm run publish-site -- DIR`: adds the last run to a folder that can be served as a web site. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { addRun } from '../publish/site.ts';
import { StagingError } from '../publish/staging-error.ts';
import { storageProblem } from '../publish/storage-problem.ts';
import { called } from '../report/called.ts';
import { root } from '../root.ts';
import { isSystemError } from '../system-error.ts';
import { type ExitCode, endWith, exitCodes, gravest } from './exit.ts';
import { asksForHelp } from './help.ts';
import { openEnvironment } from './output.ts';
import { help, readPublishSiteOptions } from './publish-site/options.ts';

async function main(args: readonly string[]): Promise<ExitCode> {
  if (asksForHelp(args)) {
    console.log(help);
    return exitCodes.conforms;
  }
  const { environment, vault } = openEnvironment();
  const { site, keep, keepRecordings } = readPublishSiteOptions(args);
  const matrix = join(root, 'proof-results', 'matrix.html');
  const search = await addRun({
    reportsDir: resolve(environment.values.REPORTS_DIR ?? 'reports'),
    site: resolve(site),
    keep,
    keepRecordings,
    matrix: existsSync(matrix) ? matrix : undefined,
    secrets: vault.secrets,
  }).catch((error: unknown) => {
    if (!isSystemError(error)) throw error;
    const problem = storageProblem(error, [{ folder: resolve(site), variable: undefined }]);
    if (problem === undefined && error.path === undefined) throw error;
    throw new StagingError('not-writable', problem ?? `${error.path} cannot be used (${error.code}): move it, or name another folder.`);
  });
  for (const { place } of search.found)
    console.error(`A key was found in ${place}, so nothing was added. Run ${called('conformance')} again, then this command.`);
  for (const problem of search.damaged) console.error(`${problem} It was left out of the page.`);
  const failed = search.unsearchable.length + search.canaries.missed.length;
  if (failed > 0) console.error('The search for keys failed, so nothing was added. Check what is in the reports.');
  const code = gravest([...(search.found.length > 0 ? [exitCodes.secret] : []), ...(failed > 0 ? [exitCodes.failed] : [])]);
  if (code === exitCodes.conforms) console.log(`Added to ${join(site, 'index.html')}.`);
  return code;
}

endWith(main(process.argv.slice(2)));
