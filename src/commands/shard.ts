/** A run in parts: which products belong to a part, what it hands on, and one run made of all parts. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../configuration/usage.ts';
import { inconclusive, type Result } from '../judge/check.ts';
import { judges } from '../judge/judges.ts';
import { causes } from '../recording/causes.ts';
import { inOrder } from '../report/fold.ts';
import type { Run } from '../report/model.ts';

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly total: number;
}

type Unit = Result['product'];

/** What a part leaves for the others, in REPORTS_DIR. */
interface Part {
  readonly version: 1;
  readonly shard: Shard;
  /** All units of the whole run, in their order. */
  readonly units: readonly Unit[];
  readonly run: Run;
}

const partName = 'part.json';

/** All parts ask the same, whether a seed is configured or not. */
export const shardSeed = 1;

/** A part is whole products, so that no host gets wrong keys twice; what belongs to the account is one more. */
export const unitsOf = (units: readonly Unit[], { index, total }: Shard): readonly Unit[] =>
  units.filter((_, place) => place % total === index - 1);

/** @throws UsageError where a part would have nothing to do. */
export function refuseEmpty(units: readonly Unit[], shard: Shard): void {
  if (unitsOf(units, shard).length > 0) return;
  throw new UsageError([
    `--shard ${shard.index}/${shard.total} has nothing to do: a part is whole products, and there are ${units.length} here (${units.join(', ')}).`,
  ]);
}

export function writePart(folder: string, shard: Shard, units: readonly Unit[], run: Run): void {
  const part: Part = { version: 1, shard, units, run };
  writeFileSync(join(folder, partName), JSON.stringify(part));
}

/**
 * One run of the parts in these folders. What a missing part was to judge cannot be told.
 * @throws UsageError where a folder holds no part, or parts are not of one run.
 */
export function mergedRun(folders: readonly string[], known: Run['known']): Run {
  const parts = folders.map(readPart);
  const [first] = parts;
  if (first === undefined) throw new UsageError(['--merge needs the folders that hold the reports of the shards.']);
  const same = ({ shard, units, run: { seed, target, command } }: Part): string =>
    JSON.stringify([shard.total, units, seed, target.kind, command]);
  const odd = parts.findIndex((part) => same(part) !== same(first));
  if (odd > 0)
    throw new UsageError([`${folders[odd]} holds a part of another run than ${folders[0]}: hosts, SEED or the number of shards differ.`]);
  const twice = parts.findIndex(({ shard }, index) => parts.findIndex((each) => each.shard.index === shard.index) < index);
  if (twice > 0) throw new UsageError([`${folders[twice]} holds shard ${parts[twice]?.shard.index} once more.`]);

  const runs = parts.map(({ run }) => run);
  const sum = (of: (run: Run) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const missing = Array.from({ length: first.shard.total }, (_, place) => place + 1).filter(
    (index) => !parts.some(({ shard }) => shard.index === index),
  );
  const products = Object.assign({}, ...parts.map(({ shard, units, run }) => own(run.target.products, unitsOf(units, shard))));
  return {
    ...first.run,
    target: { ...first.run.target, products: Object.keys(products).length === 0 ? first.run.target.products : products },
    results: inOrder([
      ...runs.flatMap(({ results }) => results),
      ...missing.flatMap((index) => lost({ ...first.shard, index }, first.units, runs)),
    ]),
    requests: sum(({ requests }) => requests),
    wrongKeys: sum(({ wrongKeys }) => wrongKeys),
    startedAt: runs.map(({ startedAt }) => startedAt).sort()[0] ?? first.run.startedAt,
    durationMs: Math.max(...runs.map(({ durationMs }) => durationMs)),
    timelines: parts.flatMap(({ shard, units, run }) => run.timelines.filter(({ product }) => unitsOf(units, shard).includes(product))),
    known,
  };
}

/** The embedded host has other addresses in each part. */
const own = (products: Run['target']['products'], units: readonly Unit[]): Run['target']['products'] =>
  Object.fromEntries(Object.entries(products).filter(([product]) => units.some((unit) => unit === product)));

/** What the others were asked for, this part was asked for as well. */
function lost(shard: Shard, units: readonly Unit[], runs: readonly Run[]): readonly Result[] {
  const mentioned = new Set(runs.flatMap(({ results }) => results.map(({ requirement }) => requirement)));
  const name = `shard ${shard.index}/${shard.total}`;
  const judgement: Result['judgement'] = {
    kind: 'checked',
    checks: [inconclusive(name, [], 'shard-missing', `The results of ${name} are missing. ${causes['shard-missing']}`)],
  };
  return unitsOf(units, shard).flatMap((product) =>
    Object.entries(judges)
      .filter(([id, { of }]) =>
        product === 'account' ? of === 'account' : of === 'product' && (mentioned.size === 0 || mentioned.has(id)),
      )
      .map(([requirement]) => ({ requirement, product, judgement })),
  );
}

function readPart(folder: string): Part {
  try {
    const part = JSON.parse(readFileSync(join(folder, partName), 'utf8')) as Part;
    if (part.version === 1) return part;
  } catch {
    // Said below, whatever it is.
  }
  throw new UsageError([`${folder} holds no part of a run: name the REPORTS_DIR of a run with --shard.`]);
}
