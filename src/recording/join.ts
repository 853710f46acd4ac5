/** Joins recordings of several runs: the parts of one that was shared among machines, or runs that each asked a part of the histories. */
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
 * What these folders hold of each product, in the order of the products. A product that no folder holds is missing.
 * @throws RecordingError as `readRecordings` does, and where two folders hold the same history of a product.
 */
export function joinRecordings(folders: readonly string[]): readonly Recorded[] {
  const found = folders.flatMap((folder) => readRecordings(folder).map((recorded): Found => ({ folder, recorded })));
  const joined = productIds.flatMap((product) => {
    const ofProduct = found.filter(({ recorded }) => recorded.recording.first.product === product);
    const [first, ...others] = ofProduct.filter(({ recorded }) => !isBystander(recorded));
    if (first === undefined) return [];
    return [ofProduct.filter(({ recorded }) => isBystander(recorded)).reduce(withCounts, others.reduce(join, first)).recorded];
  });
  // One file holds one reset of an account. Where there are several, each stands in the files of its products.
  const resets = new Set(
    joined.flatMap(({ facts, recording }) => (facts.resetOf === 'account' && recording.reset ? [recording.reset.probes] : [])),
  );
  return resets.size < 2 ? joined : joined.map((each) => ({ ...each, facts: { ...each.facts, resetOf: 'product' } }));
}

/** The second and the third history, where a run asked for them; the first is part of every recording. */
const laterHistories = ({ holds, first }: Recording): readonly HistoryKind[] =>
  holds.filter((kind) => kind === 'refused' || (kind === 'reset' && first.resetsKey));

function join(one: Found, other: Found): Found {
  const { product } = one.recorded.recording.first;
  const places = `${one.folder} and ${other.folder}`;
  const [ofOne, ofOther] = [laterHistories(one.recorded.recording), laterHistories(other.recorded.recording)];
  const [refused, withReset] = ofOne.includes('refused') ? [one.recorded, other.recorded] : [other.recorded, one.recorded];
  // Where one holds a second history alone and the other a reset alone, and that came to be.
  if (ofOne.length !== 1 || ofOther.length !== 1 || ofOne[0] === ofOther[0] || withReset.recording.reset === undefined)
    throw new RecordingError(`${places} both hold recordings of ${product}: leave one of them out.`);
  const [{ kind, baseUrl }, { kind: otherKind, baseUrl: otherUrl }] = [one.recorded.facts, other.recorded.facts];
  // The embedded host has another port in each run.
  if (kind !== otherKind || (kind === 'own' && baseUrl !== otherUrl))
    throw new RecordingError(`${places} hold recordings of ${product} on different hosts: ${baseUrl} and ${otherUrl}.`);
  return { folder: one.folder, recorded: complemented(refused, withReset) };
}

/** A product that only looked on at the reset of others: none of its histories was to be asked for its own sake. */
export const isBystander = ({ recording }: Recorded): boolean => recording.holds.length === 0;

/** With what another part sent to the product there. */
const withCounts = ({ folder, recorded }: Found, { recorded: { facts } }: Found): Found => {
  const [requests, wrongKeys] = [recorded.facts.requests + facts.requests, recorded.facts.wrongKeys + facts.wrongKeys];
  return { folder, recorded: { ...recorded, facts: { ...recorded.facts, requests, wrongKeys } } };
};

/**
 * A first and a second history with the reset that another run recorded, on the clock of that run. The second is judged beside the first of its
 * own run; the calls of the other first stay in the file and are not judged.
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

/** The same calls, each started by so many ms later. */
function startedLater<T>(histories: T, ms: number): T {
  const exchanges = [...new Set(exchangesIn(histories))];
  return restored<T>(
    stored(histories, numbering(exchanges)),
    exchanges.map((each): Exchange => ({ ...each, startedAt: each.startedAt + ms })),
  );
}
