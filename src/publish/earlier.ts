/** Earlier runs, to compare with and for the history: those that `--since` names, or the last one in REPORTS_DIR. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../configuration/usage.ts';
import { historyName, isOf, mostRuns, type PastRun, runsIn } from '../report/allure/history.ts';
import { sameTarget } from '../report/changes.ts';
import type { Conformance } from '../report/model.ts';
import { validateConformance } from '../specifications/conformance.ts';
import { isSystemError } from '../system-error.ts';
import { readJson } from './json-file.ts';
import { publishedFiles } from './publication.ts';
import { isFolder } from './storage-problem.ts';

/** The results, in the folder of a run. */
export const resultsName = 'conformance.json';

/** Relative to the folder of a run. */
export const historyFile = join('allure', historyName);

/** What a run can be compared with. */
export interface Earlier {
  /** The run to compare with; undefined if there is none. */
  before(now: Conformance): Conformance | undefined;
  /** Runs of the same target, for the history: in no order, and this one may be among them. */
  past(now: Conformance): readonly PastRun[];
}

/** What is in a folder that `--since` names, which is that of a run or of a site. @throws UsageError if it is neither. */
export function earlierIn(folder: string): Earlier {
  if (!existsSync(join(folder, resultsName)) && isFolder(join(folder, 'runs'))) return ofSite(folder);
  const found = readResults(join(folder, resultsName));
  if (typeof found === 'string')
    throw new UsageError([`--since ${folder}: ${found} Name the reports folder of an earlier run, or a site of runs.`]);
  return ofRun(found, () => pastIn(folder));
}

/** The last run that was published in the folder; undefined if there is none, or if its results have been changed or removed since. */
export function lastRun(reportsDir: string): Earlier | undefined {
  const files = publishedFiles(reportsDir);
  if (!files.includes(resultsName)) return undefined;
  const found = readResults(join(reportsDir, resultsName));
  return typeof found === 'string' ? undefined : ofRun(found, () => (files.includes(historyFile) ? pastIn(reportsDir) : []));
}

const ofRun = (run: Conformance, past: () => readonly PastRun[]): Earlier => ({
  before: () => run,
  past: (now) => (sameTarget(run, now) ? past() : []),
});

/** Runs that cannot be read, such as those of a later version, are left out. */
function ofSite(site: string): Earlier {
  const runs = readdirSync(join(site, 'runs'))
    .flatMap((folder) => {
      const conformance = readResults(join(site, 'runs', folder, resultsName));
      return typeof conformance === 'string' ? [] : [{ folder, conformance }];
    })
    .sort((one, other) => (one.conformance.startedAt < other.conformance.startedAt ? 1 : -1));
  const comparable = (now: Conformance) => runs.filter(({ conformance }) => sameTarget(conformance, now));
  return {
    before: (now) => comparable(now).find(({ conformance: { startedAt } }) => startedAt < now.startedAt)?.conformance,
    past: (now) =>
      comparable(now)
        .slice(0, mostRuns)
        .flatMap(({ folder, conformance: { startedAt } }) =>
          pastIn(join(site, 'runs', folder)).flatMap((run) => (isOf(run, startedAt) ? [{ ...run, uuid: folder }] : [])),
        ),
  };
}

/** The history in the folder of a run. Of a run of an earlier version, or where the file cannot be read: none. */
function pastIn(run: string): readonly PastRun[] {
  try {
    return runsIn(readFileSync(join(run, historyFile), 'utf8'));
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

/** The results in a file; or what is wrong with it, as a sentence, if it cannot be used. */
export function readResults(file: string): Conformance | string {
  const value = readJson(file);
  if ('problem' in value) return value.problem;
  const [problem] = validateConformance(value.json);
  return problem === undefined ? (value.json as Conformance) : `${file} is damaged: ${problem}.`;
}
