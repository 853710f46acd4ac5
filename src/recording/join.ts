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
  // One file holds one life of an account. Where there are several, each stands in the files of its products.
  const lives = new Set(
    joined.flatMap(({ facts, recording }) => (facts.lifeOf === 'account' && recording.life ? [recording.life.probes] : [])),
  );
  return lives.size < 2 ? joined : joined.map((each) => ({ ...each, facts: { ...each.facts, lifeOf: 'product' } }));
}

/** The second and the third history, where a run asked for them; the first is part of every recording. */
const laterHistories = ({ holds, first }: Recording): readonly HistoryKind[] =>
  holds.filter((kind) => kind === 'refused' || (kind === 'life' && first.lives));

function join(one: Found, other: Found): Found {
  const { product } = one.recorded.recording.first;
  const places = `${one.folder} and ${other.folder}`;
  const [ofOne, ofOther] = [laterHistories(one.recorded.recording), laterHistories(other.recorded.recording)];
  const [refused, lived] = ofOne.includes('refused') ? [one.recorded, other.recorded] : [other.recorded, one.recorded];
  // Where one holds a second history alone and the other a life alone, and that came to be.
  if (ofOne.length !== 1 || ofOther.length !== 1 || ofOne[0] === ofOther[0] || lived.recording.life === undefined)
    throw new RecordingError(`${places} both hold recordings of ${product}: leave one of them out.`);
  const [{ kind, baseUrl }, { kind: otherKind, baseUrl: otherUrl }] = [one.recorded.facts, other.recorded.facts];
  // The embedded host has another port in each run.
  if (kind !== otherKind || (kind === 'own' && baseUrl !== otherUrl))
    throw new RecordingError(`${places} hold recordings of ${product} on different hosts: ${baseUrl} and ${otherUrl}.`);
  return { folder: one.folder, recorded: complemented(refused, lived) };
}

/** A product that only looked on at the reset of others: none of its histories was to be asked for its own sake. */
export const isBystander = ({ recording }: Recorded): boolean => recording.holds.length === 0;

/** With what another part sent to the product there. */
const withCounts = ({ folder, recorded }: Found, { recorded: { facts } }: Found): Found => {
  const [requests, wrongKeys] = [recorded.facts.requests + facts.requests, recorded.facts.wrongKeys + facts.wrongKeys];
  return { folder, recorded: { ...recorded, facts: { ...recorded.facts, requests, wrongKeys } } };
};

/**
 * A first and a second history with the life that another run recorded, on the clock of that run. The second is judged beside the first of its
 * own run; the calls of the other first stay in the file and are not judged.
 */
function complemented({ recording, facts, others }: Recorded, lived: Recorded): Recorded {
  const { first, second, holds, documented, usernameElsewhere } = recording;
  // Whole milliseconds, so that times keep their distances.
  const laterMs = Math.round(facts.clockZero - lived.facts.clockZero);
  const [startedAt = facts.startedAt] = [facts.startedAt, lived.facts.startedAt].sort();
  const moved = startedLater({ first: { ...first, lives: true }, second, others: { exchanges: others } }, laterMs);
  return {
    recording: {
      first: moved.first,
      second: moved.second,
      life: lived.recording.life,
      holds: [...new Set([...holds, ...lived.recording.holds])],
      documented,
      ...(usernameElsewhere === undefined ? {} : { usernameElsewhere }),
    },
    facts: {
      ...facts,
      startedAt,
      clockZero: lived.facts.clockZero,
      lifeOf: lived.facts.lifeOf,
      requests: facts.requests + lived.facts.requests,
      wrongKeys: facts.wrongKeys + lived.facts.wrongKeys,
    },
    others: [...moved.others.exchanges, ...lived.others, ...exchangesIn(lived.recording.first)],
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
