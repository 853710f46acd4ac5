/** `npm run publish-site -- DIR`: adds the last run to a folder that can be served as a web site. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { UsageError } from '../configuration/usage.ts';
import { addRun } from '../publish/site.ts';
import { StagingError } from '../publish/staging-error.ts';
import { isSystemError, storageProblem } from '../publish/system-error.ts';
import { called } from '../report/called.ts';
import { root } from '../root.ts';
import { type ExitCode, endWith, exitCodes, gravest } from './exit.ts';
import { asksForHelp, helpText, notAnOption } from './help.ts';
import { openEnvironment } from './output.ts';

const help = helpText({
  usage: called('publish-site', ['DIR', '[options]']),
  purpose:
    'Adds the last run with its reports to the web site in the folder DIR, at the top of its list. Only what was searched for keys is added.',
  options: [
    ['--keep N', 'How many runs to keep; the oldest are removed. Default: 20.'],
    ['--keep-recordings N', 'How many of these keep their recordings. Default: 5.'],
  ],
  exitCodes: [
    [0, 'Added.'],
    [2, 'The options are wrong, or there is no run to add.'],
    [4, 'The search for keys failed, or the folder cannot be written. Nothing was added.'],
    [5, 'A key was found. Nothing was added.'],
  ],
  examples: [called('publish-site', ['public', '--keep', '50'])],
});

async function main(args: readonly string[]): Promise<ExitCode> {
  if (asksForHelp(args)) {
    console.log(help);
    return exitCodes.conforms;
  }
  const { environment, vault } = openEnvironment();
  const { site, keep, keepRecordings } = read(args);
  const matrix = join(root, 'proof-results', 'matrix.html');
  const search = await addRun({
    reportsDir: resolve(environment.values.REPORTS_DIR ?? 'reports'),
    site: resolve(site),
    keep,
    keepRecordings,
    matrix: existsSync(matrix) ? matrix : undefined,
    secrets: vault.secrets,
  }).catch((error: unknown) => {
    const problem = isSystemError(error) ? storageProblem(error, [{ folder: resolve(site), variable: undefined }]) : undefined;
    throw problem === undefined ? error : new StagingError('not-writable', problem);
  });
  for (const { place } of search.found)
    console.error(`A key was found in ${place}, so nothing was added. Run npm run conformance again, then this command.`);
  const failed = search.unsearchable.length + search.canaries.missed.length;
  if (failed > 0) console.error('The search for keys failed, so nothing was added. Check what is in the reports.');
  const code = gravest([...(search.found.length > 0 ? [exitCodes.secret] : []), ...(failed > 0 ? [exitCodes.failed] : [])]);
  if (code === exitCodes.conforms) console.log(`Added to ${join(site, 'index.html')}.`);
  return code;
}

/** @throws UsageError for invalid options. */
function read(args: readonly string[]): { readonly site: string; readonly keep: number; readonly keepRecordings: number } {
  const options = { keep: { type: 'string' }, 'keep-recordings': { type: 'string' } } as const;
  const { values, positionals, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  const unknown = tokens.find((token) => token.kind === 'option' && !(token.name in options));
  if (unknown !== undefined) throw new UsageError([notAnOption(args[unknown.index] ?? '')]);
  const [site] = positionals;
  if (site === undefined || positionals.length > 1)
    throw new UsageError(['Name one folder to add the run to: npm run publish-site -- DIR.']);
  const number = (name: keyof typeof options, usual: number, least: number): number => {
    const value = Number(values[name] ?? usual);
    if (Number.isInteger(value) && value >= least && value <= 1000) return value;
    throw new UsageError([`--${name} is ${values[name]}: not a whole number from ${least} to 1000.`]);
  };
  return { site, keep: number('keep', 20, 1), keepRecordings: number('keep-recordings', 5, 0) };
}

endWith(main(process.argv.slice(2)));
