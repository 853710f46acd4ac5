/** Runs the whole suite against one host in this process: the same requests and judges as a user's run, without the test runner. */
import { type Asking, type AskingOptions, openAsking } from '../src/ask/asking.ts';
import { type Configuration, readConfiguration } from '../src/configuration/configuration.ts';
import { judgeAll } from '../src/judge/judges.ts';
import { fromHar, type Har, type ProductFacts, toHar } from '../src/recording/har.ts';
import type { Recording } from '../src/recording/recording.ts';
import { fold } from '../src/report/fold.ts';
import type { Conformance, Run } from '../src/report/model.ts';
import { withUncheckedProducts } from '../src/report/unchecked.ts';
import { loadDocumentation } from '../src/specifications/load.ts';
import { isProductId, type ProductId } from '../src/specifications/model.ts';

export const embedded: Configuration = readConfiguration({ values: {}, problems: [], warnings: [] });

/** Pause before a retry after an unusable answer, in ms: long enough to matter, short enough for a hundred hosts. */
const pauseMs = 5;
/** Time from a login to the last calls, in ms, for hosts on which nothing changes in the meantime. */
const settlingMs = 20;

export interface Running extends Pick<AskingOptions, 'behaviour' | 'reset' | 'settlingMs'> {
  /** Limits the run to one product. */
  readonly only?: ProductId;
}

export async function runAgainst(configuration: Configuration, { only, ...options }: Running = {}): Promise<Conformance> {
  const asking = await openAsking(configuration, { pauseMs, settlingMs, ...options });
  try {
    return await judgedRun(asking, only);
  } finally {
    await asking.close();
  }
}

/** Judges what is read back from a file, so that anything lost in the file is noticed. */
function readBack(recording: Recording): Recording {
  const har = toHar({ recording, facts, others: [] });
  return fromHar(JSON.parse(JSON.stringify(har)) as Har).recording;
}
const facts: ProductFacts = {
  suite: 'proof',
  command: 'conformance',
  name: undefined,
  startedAt: new Date(0).toISOString(),
  clockZero: 0,
  kind: 'embedded',
  seed: 1,
  configuration: [],
  requirements: [],
  products: [],
  baseUrl: 'http://127.0.0.1',
  requests: 0,
  wrongKeys: 0,
  resetOf: 'product',
};

/** Asks, records and judges all histories of these products. */
export async function judgedRun(asking: Asking, only?: ProductId): Promise<Conformance> {
  const run = await runOn(asking, only);
  return fold(withUncheckedProducts(run, loadDocumentation()), loadDocumentation(), { suite: 'proof', node: process.versions.node });
}

/** The same before its verdict, for a proof that publishes it. */
export async function runOn(asking: Asking, only?: ProductId): Promise<Run> {
  const startedAt = new Date();
  const products = Object.keys(asking.products)
    .filter(isProductId)
    .filter((product) => only === undefined || product === only);
  const recorded = (await Promise.all(products.map((product) => asking.recorded(product, new Set(['accepted', 'refused', 'reset']))))).map(
    readBack,
  );
  return {
    command: 'conformance',
    name: undefined,
    seed: asking.seed,
    target: { kind: asking.kind, products: asking.products },
    results: judgeAll(recorded),
    ...asking.tally(),
    startedAt: startedAt.toISOString(),
    durationMs: Date.now() - startedAt.getTime(),
    configuration: [],
    known: [],
    timelines: [],
  };
}
