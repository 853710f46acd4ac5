/** Joins several recordings: the shards of one run, or runs that each asked some of the histories. */
import { productIds } from '../specifications/model.ts';
import type { Exchange } from './exchange.ts';
import type { Recorded } from './har.ts';
import { readRecordings } from './read.ts';
import type { HistoryKind, Recording } from './recording.ts';
import { RecordingError } from './recording-error.ts';
import { exchangesIn, numbering, restored, stored } from './stored.ts';

interface Found {
  readonly folder: string;
  readonly recorded: Recorded;
}

/**
 * The recording of each product in these folders, in the order of the products. A product that is in no folder is left out.
 * @throws RecordingError as `readRecordings` does, and if two folders hold the same history of a product.
 */
export function joinRecordings(folders: readonly string[]): readonly Recorded[] {
  const found = folders.flatMap((folder) => readRecordings(folder).map((recorded): Found => ({ folder, recorded })));
  const joined = productIds.flatMap((product) => {
    const ofProduct = found.filter(({ recorded }) => recorded.recording.first.product === product);
    const [first, ...others] = ofProduct.filter(({ recorded }) => !isBystander(recorded));
    if (first === undefined) return [];
    return [ofProduct.filter(({ recorded }) => isBystander(recorded)).reduce(withCounts, others.reduce(join, first)).recorded];
  });
  // `account.har` holds only one reset. If there are several, each is stored in its products' files.
  const resets = new Set(
    joined.flatMap(({ facts, recording }) => (facts.resetOf === 'account' && recording.reset ? [recording.reset.probes] : [])),
  );
  return resets.size < 2 ? joined : joined.map((each) => ({ ...each, facts: { ...each.facts, resetOf: 'product' } }));
}

/** The second and the third history, if a run asked for them. Every recording has the first. */
const laterHistories = ({ holds, first }: Recording): readonly HistoryKind[] =>
  holds.filter((kind) => kind === 'refused' || (kind === 'reset' && first.resetsKey));

function join(one: Found, other: Found): Found {
  const { product } = one.recorded.recording.first;
  const places = `${one.folder} and ${other.folder}`;
  const [ofOne, ofOther] = [laterHistories(one.recorded.recording), laterHistories(other.recorded.recording)];
  const [refused, withReset] = ofOne.includes('refused') ? [one.recorded, other.recorded] : [other.recorded, one.recorded];
  // They can be joined only if one holds just the second history and the other just a reset that was recorded.
  if (ofOne.length !== 1 || ofOther.length !== 1 || ofOne[0] === ofOther[0] || withReset.recording.reset === undefined)
    throw new RecordingError(`${places} both hold recordings of ${product}: leave one of them out.`);
  const [{ kind, baseUrl }, { kind: otherKind, baseUrl: otherUrl }] = [one.recorded.facts, other.recorded.facts];
  // The embedded host has another port in each run.
  if (kind !== otherKind || (kind === 'own' && baseUrl !== otherUrl))
    throw new RecordingError(`${places} hold recordings of ${product} on different hosts: ${baseUrl} and ${otherUrl}.`);
  return { folder: one.folder, recorded: complemented(refused, withReset) };
}

/** A product that was only a bystander at other products' resets: none of its histories was asked for its own sake. */
export const isBystander = ({ recording }: Recorded): boolean => recording.holds.length === 0;

/** Adds the counts of another part that called the product. */
const withCounts = ({ folder, recorded }: Found, { recorded: { facts } }: Found): Found => {
  const [requests, wrongKeys] = [recorded.facts.requests + facts.requests, recorded.facts.wrongKeys + facts.wrongKeys];
  return { folder, recorded: { ...recorded, facts: { ...recorded.facts, requests, wrongKeys } } };
};

/**
 * The first and second history of one run with the reset of another, on the other run's clock. The second history is judged with the first
 * history of its own run. The calls of the other first history stay in the file and are not judged.
 */
function complemented({ recording, facts, others }: Recorded, withReset: Recorded): Recorded {
  const { first, second, holds, documented, usernameElsewhere } = recording;
  // Whole milliseconds, so that times keep their distances.
  const laterMs = Math.round(facts.clockZero - withReset.facts.clockZero);
  const [startedAt = facts.startedAt] = [facts.startedAt, withReset.facts.startedAt].sort();
  const moved = startedLater({ first: { ...first, resetsKey: true }, second, others: { exchanges: others } }, laterMs);
  return {
    recording: {
      first: moved.first,
      second: moved.second,
      reset: withReset.recording.reset,
      holds: [...new Set([...holds, ...withReset.recording.holds])],
      documented,
      ...(usernameElsewhere === undefined ? {} : { usernameElsewhere }),
    },
    facts: {
      ...facts,
      startedAt,
      clockZero: withReset.facts.clockZero,
      resetOf: withReset.facts.resetOf,
      requests: facts.requests + withReset.facts.requests,
      wrongKeys: facts.wrongKeys + withReset.facts.wrongKeys,
    },
    others: [...moved.others.exchanges, ...withReset.others, ...exchangesIn(withReset.recording.first)],
  };
}

/** The same calls, each started this many ms later. */
function startedLater<T>(histories: T, ms: number): T {
  const exchanges = [...new Set(exchangesIn(histories))];
  return restored<T>(
    stored(histories, numbering(exchanges)),
    exchanges.map((each): Exchange => ({ ...each, startedAt: each.startedAt + ms })),
  );
}
