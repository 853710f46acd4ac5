/**
 * How each test ended in earlier runs: `history.jsonl`, a line for each run. Allure reads such a file, but writes one only for a page on
 * disk, with more than its page shows and messages where the page does not look for them; and a damaged line would end the process.
 */
import type { Result } from '../../judge/check.ts';
import { isHistoryLine } from '../../specifications/history.ts';
import { notSelected } from '../headline.ts';
import { addressFromRun } from '../site-address.ts';
import { shortened } from '../visible.ts';
import { md5, resultAnchor, uuidOf } from './description.ts';
import type { ResultFiles } from './files.ts';
import type { StatusName } from './steps.ts';

/** In the folder of the page. */
export const historyName = 'history.jsonl';

/** A run as a line of the file. */
export interface PastRun {
  /** The name of its folder on a site. */
  readonly uuid: string;
  /** When it started, in ms since 1970: identifies the run. */
  readonly timestamp: number;
  /** By history id. A test that was not selected is not there. */
  readonly testResults: Readonly<Record<string, PastResult>>;
}

interface PastResult {
  readonly status: StatusName;
  /** When the run started: Allure shows it as the date. */
  readonly stop: number;
  readonly error?: { readonly message: string };
}

/** The most runs in a file and on a page. */
export const mostRuns = 20;

/** Of a message, in characters: the report of that run has the rest. */
const messageLimit = 300;

/** The runs in the text of a file. Lines that cannot be used are left out: a report without history is better than none. */
export const runsIn = (text: string): readonly PastRun[] =>
  text.split('\n').flatMap((line) => {
    const value = parsed(line);
    return isHistoryLine(value) ? [value as PastRun] : [];
  });

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A line of JSON for each run. */
export const textOf = (runs: readonly PastRun[]): string => runs.map((run) => `${JSON.stringify(run)}\n`).join('');

/** `startedAt`: ISO 8601. */
export const isOf = ({ timestamp }: PastRun, startedAt: string): boolean => timestamp === Date.parse(startedAt);

/** What is kept of this run. `folder`: its name on a site. */
export function pastRun(
  { startedAt, folder }: { readonly startedAt: string; readonly folder: string },
  results: readonly (readonly [Result, ResultFiles])[],
): PastRun {
  const stop = Date.parse(startedAt);
  const testResults = results
    .filter(([{ judgement }]) => judgement.kind !== 'not-run' || judgement.needs !== notSelected)
    .map(([{ requirement, product }, { result }]): [string, PastResult] => {
      const { message } = result.statusDetails;
      const error = message === undefined ? {} : { error: { message: shortened(message, messageLimit) } };
      return [uuidOf(requirement, product), { status: result.status as StatusName, stop, ...error }];
    });
  return { uuid: folder, timestamp: stop, testResults: Object.fromEntries(testResults) };
}

/** The runs before this one, the newest first. A recording that is judged again may be older than others. */
export const runsBefore = (past: readonly PastRun[], { timestamp }: PastRun): readonly PastRun[] =>
  newestFirst(past.filter((each) => each.timestamp < timestamp)).slice(0, mostRuns);

/**
 * The runs with this one among them, the oldest first. If this one was there before, it is replaced; what was not judged again stays.
 */
export function withRun(past: readonly PastRun[], run: PastRun): readonly PastRun[] {
  const before = past.find(({ timestamp }) => timestamp === run.timestamp);
  const others = newestFirst(past.filter((each) => each.timestamp !== run.timestamp)).slice(0, mostRuns - 1);
  return newestFirst([...others, { ...run, testResults: { ...before?.testResults, ...run.testResults } }]).toReversed();
}

/** Each run once, by its start. */
const newestFirst = (runs: readonly PastRun[]): readonly PastRun[] =>
  [...new Map(runs.map((run) => [run.timestamp, run])).values()].sort((one, other) => other.timestamp - one.timestamp);

/** The runs as Allure reads them, as far as they are about these results: with its own ids, and with the address of each result on a site. */
export const forAllure = (runs: readonly PastRun[], results: readonly (readonly [Result, ResultFiles])[]): readonly PastRun[] =>
  runs.map((run) => ({
    ...run,
    testResults: Object.fromEntries(
      results.flatMap(([{ requirement, product }, { result }]) => {
        const past = run.testResults[uuidOf(requirement, product)];
        return past === undefined
          ? []
          : [[idInAllure(result), { ...past, url: addressFromRun(run.uuid, resultAnchor(requirement, product)) }]];
      }),
    ),
  }));

/** Allure 3 does not look at the history id of a result. It makes its own, of test case and parameters. */
const idInAllure = ({ testCaseId = '', parameters }: ResultFiles['result']): string =>
  `${md5(testCaseId)}.${md5(parameters.map(({ name, value }) => `${name}:${value}`).join())}`;
