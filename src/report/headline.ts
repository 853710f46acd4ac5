/** The words that all reports share: the target, the verdict in one sentence, the legend. */
import type { Verdict } from '../judge/check.ts';
import type { RunVerdict } from '../judge/verdict.ts';
import type { Level } from '../specifications/model.ts';
import type { Conformance, Run } from './model.ts';

/** What was tested: the names of the hosts, or the embedded host. */
export function targetName(target: Run['target']): string {
  if (target.kind === 'embedded') return 'EMBEDDED HOST';
  const hosts = Object.values(target.products).map((base) => new URL(base).host);
  return [...new Set(hosts)].join(', ');
}

const caveat = 'says nothing about the real one';

/** The title of a run: verdict, target, RUN_NAME. */
export const titleOf = (run: Run, conformance: Conformance): string => `${runVerdicts[conformance.verdict]}: ${testedIn(run, conformance)}`;

/** The target and its caveat, and RUN_NAME. */
export function testedIn({ name }: Pick<Run, 'name'>, { target }: Conformance): string {
  const tested = target.kind === 'embedded' ? `${targetName(target)} (${caveat})` : targetName(target);
  return name === undefined ? tested : `${tested} – ${name}`;
}

const runVerdicts: Readonly<Record<RunVerdict, string>> = {
  conforms: 'Conforms',
  violates: 'Violates',
  inconclusive: 'Inconclusive',
};

/** For a recording that was judged again: when it was made, and by which version of the suite. */
export const recordedNote = ({ recorded }: Pick<Run, 'recorded'>): string | undefined =>
  recorded && `Judged again from a recording of ${minute(recorded.at)}, made by version ${recorded.suite}.`;

/** The verdict in one sentence, for a reader who knows nothing else. */
export function headline(conformance: Conformance): string {
  const { target } = conformance;
  return `${summary(conformance)} (${target.kind === 'embedded' ? `embedded host; ${caveat}` : targetName(target)}).`;
}

/** The same sentence without the target and the period. Its numbers count required promises. */
export function summary(conformance: Conformance): string {
  const { verdict } = conformance;
  const { total, broken, unclear, kept, keptInPart, known, notRun } = tallyOf(conformance);
  const counts = [
    { of: broken, what: `broken${named(broken)}` },
    { of: unclear, what: `could not be determined${named(unclear)}` },
    { of: kept, what: `kept${keptInPart.length === 0 ? '' : ` (${keptInPart.length} checked on some products only)`}` },
    { of: known, what: 'known to differ' },
    { of: notRun, what: 'not run' },
  ].filter(({ of }) => of.length > 0);
  const whole = ({ length }: readonly string[]): string => (length === total ? `all ${length}` : `${length} of ${total}`);
  const sentence = counts
    .map(({ of, what }, index) => (index === 0 ? `${whole(of)} required promises ${what}` : `${of.length} ${what}`))
    .join(', ');
  const checked = kept.length + broken.length + unclear.length;
  const other = verdict === 'conforms' ? 'no other promise is broken' : 'nothing was answered that could be judged';
  return `${runVerdicts[verdict]}: ${checked > 0 ? sentence : [sentence, other].filter((each) => each !== '').join('; ')}`;
}

/** The required promises by what came out, by their ids. */
export interface Tally {
  readonly total: number;
  readonly broken: readonly string[];
  readonly unclear: readonly string[];
  readonly kept: readonly string[];
  /** Of those that were kept, the ones that were not run on every product. */
  readonly keptInPart: readonly string[];
  /** Their verdict comes from known differences alone. */
  readonly known: readonly string[];
  readonly notRun: readonly string[];
}

/** Of the required promises. */
export function tallyOf({ requirements }: Conformance): Tally {
  const required = requirements.filter(({ level }) => level === 'required');
  const ids = (fits: (entry: Entry) => boolean): readonly string[] => required.filter(fits).map(({ id }) => id);
  return {
    total: required.length,
    broken: ids((each) => each.verdict === 'violates' && !isKnown(each)),
    unclear: ids((each) => each.verdict === 'inconclusive' && !isKnown(each)),
    kept: ids((each) => each.verdict === 'conforms'),
    keptInPart: ids((each) => each.verdict === 'conforms' && Object.values(each.products).includes('not-run')),
    known: ids(isKnown),
    notRun: ids((each) => each.verdict === 'not-run'),
  };
}

type Entry = Conformance['requirements'][number];

const isKnown = ({ verdict, findings }: Entry): boolean =>
  findings.some((each) => each.verdict === verdict && each.known) && findings.every((each) => each.verdict !== verdict || each.known);

/** Their names, if there are few. */
const named = (ids: readonly string[]): string => (ids.length > 3 ? '' : ` (${ids.join(', ')})`);

/** Each verdict as a word with a symbol, so that nothing depends on color. */
export const verdictWords: Readonly<Record<Verdict, { readonly symbol: string; readonly word: string; readonly meaning: string }>> = {
  violates: { symbol: '✗', word: 'violates', meaning: 'an answer breaks the promise' },
  inconclusive: {
    symbol: '?',
    word: 'inconclusive',
    meaning: 'could not be determined; the finding says what to do next',
  },
  noted: { symbol: '~', word: 'noted', meaning: 'a difference that breaks no promise' },
  conforms: { symbol: '✓', word: 'conforms', meaning: 'every check was answered as promised' },
  'not-run': { symbol: '-', word: 'not run', meaning: 'the result says why' },
};

export const levelWords: Readonly<Record<Level, string>> = {
  required: 'stated by the page; a difference violates',
  illustrative: 'shown by an example only; a difference is noted',
  standard: 'asked by an RFC or good practice; a difference is noted',
};

/** Why a requirement was not run that the user left out. */
export const notSelected = 'not selected';

/** With a comma between thousands: 1,234. */
export const count = (number: number): string => number.toLocaleString('en');
/** `1 check`, `2 checks`. */
export const counting = (number: number, one: string, many: string): string => `${count(number)} ${number === 1 ? one : many}`;

/** `2,837 checks, 2,822 requests, 1,214 of them with wrong keys`. */
export const amounts = ({ checks, requests, wrongKeys }: Conformance): string =>
  `${counting(checks, 'check', 'checks')}, ${counting(requests, 'request', 'requests')}, ${count(wrongKeys)} of them with wrong keys`;

/** `2026-11-28 19:53 UTC`. `time`: ISO 8601, in UTC. */
export const minute = (time: string): string => `${time.slice(0, 16).replace('T', ' ')} UTC`;
