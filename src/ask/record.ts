/** Asks the histories that each product needs, and writes each recording to a file for the judges as soon as it is complete. */
import { version } from '../../package.json';
import { addRecordings } from '../recording/files.ts';
import { handOverFailure } from '../recording/handover.ts';
import { outsideRows, type ProductFacts, type Recorded, type RunFacts } from '../recording/har.ts';
import type { Recording } from '../recording/recording.ts';
import type { ProductId } from '../specifications/model.ts';
import type { Asking, Needs } from './asking.ts';
import type { Estimate } from './estimate.ts';

export interface Recordings {
  /** How much will be sent. */
  readonly estimate: Estimate;
  /** The recordings of all products that are needed. Rejects with the suite's first own error, once every product is done or has failed. */
  readonly ended: Promise<readonly Recorded[]>;
}

/** `folder` is where the judges wait for the recordings. */
export function record(asking: Asking, needs: Needs, folder: string, facts: RunFacts): Recordings {
  const asked = asking.subjects.flatMap(({ spec: { id } }) => (needs(id).size === 0 ? [] : [id]));
  const estimate = asking.estimate(needs);
  const handedOver = new Map<ProductId, Recorded>();
  const failures: unknown[] = [];
  const each = asked.map(async (product): Promise<void> => {
    try {
      const recorded = await recordedOf(asking, product, needs, facts);
      addRecordings(folder, [recorded]);
      handedOver.set(product, recorded);
    } catch (error) {
      failures.push(error);
      handOverFailure(folder, product, error instanceof Error ? (error.stack ?? error.message) : String(error));
    }
  });
  const end = async (): Promise<readonly Recorded[]> => {
    await Promise.all(each);
    if (failures.length > 0) throw failures[0];
    // A product may have been a bystander at another's reset, after its own recording was complete or without having one.
    const involved = asking.subjects.filter(({ asker }) => asker.tally.requests > 0);
    const all = involved.map(async ({ spec: { id }, asker }): Promise<Recorded> => {
      const known = handedOver.get(id);
      if (known !== undefined && known.facts.requests === asker.tally.requests) return known;
      const recorded = await recordedOf(asking, id, needs, facts);
      addRecordings(folder, [recorded]);
      return recorded;
    });
    return Promise.all(all);
  };
  return { estimate, ended: end() };
}

/** The facts of a run that asks, completed by the caller's. */
export const factsOf = ({ kind, seed }: Asking, said: Omit<RunFacts, 'suite' | 'kind' | 'seed' | 'clockZero'>): RunFacts => ({
  suite: version,
  kind,
  seed,
  clockZero: Date.now() - performance.now(),
  ...said,
});

/** A recording with the facts about its product, and with the calls that belong to none of its rows. */
export function withFacts(asking: Asking, recording: Recording, run: RunFacts): Recorded {
  const { product } = recording.first;
  const { asker } = asking.subjects.find(({ spec }) => spec.id === product) as Asking['subjects'][number];
  const { requests, wrongKeys } = asker.tally;
  const facts: ProductFacts = { ...run, baseUrl: asking.products[product] as string, requests, wrongKeys, resetOf: asking.resetOf };
  return { recording, facts, others: outsideRows(recording, asker.exchanges) };
}

async function recordedOf(asking: Asking, product: ProductId, needs: Needs, run: RunFacts): Promise<Recorded> {
  const kinds = needs(product);
  // A bystander has a first history, but none of its histories was asked for its own sake.
  const recording =
    kinds.size > 0 ? await asking.recorded(product, kinds) : { ...(await asking.recorded(product, new Set(['accepted']))), holds: [] };
  return withFacts(asking, recording, run);
}
