/** Shards: which products belong to one, and what the recordings of all shards must have in common. */
import { UsageError } from '../configuration/usage.ts';
import { inconclusive, type Result } from '../judge/check.ts';
import type { Selected } from '../judge/judges.ts';
import { causes } from '../recording/causes.ts';
import { ofRun, type Recorded, type RunFacts } from '../recording/har.ts';
import type { ProductId } from '../specifications/model.ts';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly total: number;
}

/** All shards must use the same usernames, also when no seed is configured. */
export const shardSeed = 1;

/** A shard is whole products, so that no host gets the wrong keys twice. */
export const productsIn = (products: readonly ProductId[], { index, total }: Shard): readonly ProductId[] =>
  products.filter((_, place) => place % total === index - 1);

/** @throws UsageError if a shard would have nothing to do. */
export function refuseEmpty(products: readonly ProductId[], shard: Shard): void {
  if (productsIn(products, shard).length > 0) return;
  throw new UsageError([
    `--shard ${shard.index}/${shard.total} has nothing to do: each part consists of whole products, and this run has only ${products.length} (${products.join(', ')}).`,
  ]);
}

/** The facts of the run that all of these belong to. @throws UsageError if they do not belong to one run. */
export function sameRun(recorded: readonly Recorded[], folders: readonly string[]): RunFacts {
  const [first, ...others] = recorded as readonly [Recorded, ...Recorded[]];
  const common = ({ facts: { seed, kind, command, requirements, products } }: Recorded): string =>
    JSON.stringify([seed, kind, command, requirements, products]);
  if (others.some((each) => common(each) !== common(first)))
    throw new UsageError([`${folders.join(', ')} hold recordings of different runs: products, SEED or the selected requirements differ.`]);
  const [startedAt = first.facts.startedAt] = recorded.map((each) => each.facts.startedAt).sort();
  return { ...ofRun(first.facts), startedAt };
}

/** The result of a requirement that cannot be judged because recordings of these products are missing. */
export const lost = ({ requirement, product }: Selected, missing: readonly ProductId[]): Result => ({
  requirement,
  product,
  judgement: {
    kind: 'checked',
    checks: [
      inconclusive(
        'recordings of all products',
        [],
        'shard-missing',
        `There is no recording of ${missing.join(', ')} in these folders. ${causes['shard-missing']}`,
      ),
    ],
  },
});
