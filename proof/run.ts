/** Runs the whole suite against one host in this process: the same requests and judges as a user's run, without the test runner. */
import { type Asking, type AskingOptions, openAsking } from '../src/ask/asking.ts';
import { type Configuration, readConfiguration } from '../src/configuration/configuration.ts';
import { judgeAll } from '../src/judge/judges.ts';
import type { Secret } from '../src/keys/secret.ts';
import { fold } from '../src/report/fold.ts';
import type { Conformance, Run } from '../src/report/model.ts';
import { withUncheckedProducts } from '../src/report/unchecked.ts';
import { loadDocumentation } from '../src/specifications/load.ts';
import type { ProductId } from '../src/specifications/model.ts';
import { cameBack, expectToComeBack, recordedBy } from './recordings.ts';

export const embedded: Configuration = readConfiguration({ values: {}, problems: [], warnings: [] });

/** The first of each group, in order. */
export const firstOfEach = <T>(list: readonly T[], group: (each: T) => string): readonly T[] =>
  [...new Map([...list].reverse().map((each) => [group(each), each])).values()].reverse();

/** Pause before a retry after an unusable answer, in ms: long enough to matter, short enough for a hundred hosts. */
const pauseMs = 5;
/** Time from a login to the last calls, in ms, for hosts on which nothing changes in the meantime. */
const settlingMs = 20;

export interface Running extends Pick<AskingOptions, 'behavior' | 'reset' | 'settlingMs'> {
  /** Limits the run to one product. */
  readonly only?: ProductId;
  /** Everything that can be said of the files is checked too. */
  readonly files?: boolean;
}

export const runAgainst = async (configuration: Configuration, running: Running = {}): Promise<Conformance> =>
  folded(await ranAgainst(configuration, running));

/** The same before its verdict, for a proof that publishes it. */
export async function ranAgainst(configuration: Configuration, { only, files = false, ...options }: Running = {}): Promise<Run> {
  const keys: Secret[] = configuration.key === undefined ? [] : [configuration.key];
  const asking = await openAsking(configuration, { pauseMs, settlingMs, onKey: (key) => keys.push(key), ...options });
  // Node.js formats a stack for each connection that undici closes, and Playwright finds the source of each line: a tenth of the time.
  const lines = Error.stackTraceLimit;
  Error.stackTraceLimit = 1;
  try {
    return await runOn(asking, only, files ? keys : undefined);
  } finally {
    Error.stackTraceLimit = lines;
    await asking.close();
  }
}

/** Asks all histories, and judges what was recorded. */
export const judgedRun = async (asking: Asking): Promise<Conformance> => folded(await runOn(asking));

const folded = (run: Run): Conformance =>
  fold(withUncheckedProducts(run, loadDocumentation()), loadDocumentation(), { suite: 'proof', node: process.versions.node });

/**
 * Asks, records and judges all histories of these products. What is judged was read back from files, so anything that they lose is noticed;
 * with keys, everything else that can be said of the files is checked too.
 */
async function runOn(asking: Asking, only?: ProductId, keys?: readonly Secret[]): Promise<Run> {
  const startedAt = new Date();
  const recorded = await recordedBy(asking, only);
  const back = keys === undefined ? cameBack(recorded) : expectToComeBack(recorded, keys);
  return {
    command: 'conformance',
    name: undefined,
    seed: asking.seed,
    target: { kind: asking.kind, products: asking.products },
    results: judgeAll(back.map(({ recording }) => recording)),
    ...asking.tally(),
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    configuration: [],
    known: [],
    timelines: [],
  };
}
