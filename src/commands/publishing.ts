/** From a run that has ended to what is published of it: reports made and searched, then moved into place; then the printout. */
import { writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { version } from '../../package.json';
import { fold, printout, type Run, writeAllurePage } from '../report/index.ts';
import { type Canaries, describeSearch, type Search, type Staging, searchFolder, type Vault } from '../secret/index.ts';
import { loadDocumentation, validateConformance } from '../spec/index.ts';
import { type ExitCode, exitCodes, gravest } from './exit.ts';

export interface Publishing {
  readonly staging: Staging;
  /** Planted in the staging folder before anything was written there. */
  readonly canaries: Canaries;
  readonly vault: Vault;
  readonly reportsDir: string;
}

/** Whatever stands in the staging folder by then is searched and published as well. */
export async function publish(run: Run, { staging, canaries, vault, reportsDir }: Publishing): Promise<ExitCode> {
  const documentation = loadDocumentation();
  const conformance = fold(run, documentation, { suite: version, node: process.versions.node });
  const problems = validateConformance(conformance);
  if (problems.length > 0) throw new Error(`conformance.json would not be valid: ${problems.join('; ')}`);
  await writeAllurePage({ run, conformance, documentation }, join(staging.dir, 'allure'));
  writeFileSync(join(staging.dir, 'conformance.json'), `${JSON.stringify(conformance, undefined, 2)}\n`);

  const search = await searchFolder(staging.dir, vault.secrets, canaries);
  // A search that missed what was planted for it can be relied on for nothing: the last report stays.
  if (search.canaries.missed.length > 0) return gravest(gateCodes(search));
  await staging.publish();
  const shown = (file: string): string => relative(process.cwd(), resolve(reportsDir, file));
  console.log(
    printout({
      run,
      conformance,
      documentation,
      reports: [
        ['report', shown('allure/index.html')],
        ['results', shown('conformance.json')],
        ['leak gate', describeSearch(search)],
      ],
      colour: process.stdout.isTTY === true && !process.env.NO_COLOR,
      width: process.stdout.columns ?? 100,
    }),
  );
  return gravest([exitCodes[conformance.verdict], ...gateCodes(search)]);
}

function gateCodes({ found, unsearchable, canaries }: Search): readonly ExitCode[] {
  for (const { place } of found)
    console.error(`A secret was found in ${place}: the file was deleted. Reset the key if anybody may have seen it.`);
  for (const { place, reason } of unsearchable)
    console.error(`${place} could not be searched for secrets (${reason}): the file was deleted.`);
  for (const kind of canaries.missed)
    console.error(`The search for secrets missed the canary in ${kind}: nothing it says can be relied on.`);
  return [...(found.length > 0 ? [exitCodes.secret] : []), ...(unsearchable.length + canaries.missed.length > 0 ? [exitCodes.failed] : [])];
}
