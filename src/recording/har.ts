/**
 * A recording as an HTTP archive, plain data on both sides. Any viewer of HAR shows its entries; `log._recording` holds everything else that
 * was recorded, and refers to the entries by number.
 */
import type { ProductId } from '../specifications/model.ts';
import { entryOf, exchangeOf, type HarEntry } from './entry.ts';
import type { Exchange } from './exchange.ts';
import type { Life } from './life.ts';
import type { Recording } from './recording.ts';
import { RecordingError } from './recording-error.ts';
import { exchangesIn, type Json, numbering, restored, stored } from './stored.ts';

/** What is known of a run beside its calls. It is the same in all files of a run. */
export interface RunFacts {
  /** The suite's own version. */
  readonly suite: string;
  readonly command: 'conformance' | 'verify-reset';
  /** RUN_NAME, or undefined. */
  readonly name: string | undefined;
  /** When the run began: ISO 8601, UTC. */
  readonly startedAt: string;
  /** The wall clock at 0 of the run's monotonic clock, in ms since 1970. */
  readonly clockZero: number;
  readonly kind: 'embedded' | 'own';
  readonly seed: number;
  /** The effective configuration by variable, without secrets. */
  readonly configuration: readonly (readonly [name: string, value: string])[];
  /** Requirements that were selected, by id. */
  readonly requirements: readonly string[];
  /** Products of the whole run, of which this may be a part. */
  readonly products: readonly ProductId[];
}

/** What is known of a product in a run beside its calls. */
export interface ProductFacts extends RunFacts {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** Requests sent to the product, and those of them with Basic credentials that decode and whose password is not the key. */
  readonly requests: number;
  readonly wrongKeys: number;
  /** `account`: commands of the user's reset the one account, so that its life is that of all products and stands in `account.har`. */
  readonly lifeOf: 'product' | 'account';
}

/** What is the same in all files of the run. */
export function ofRun({ baseUrl: _url, requests: _requests, wrongKeys: _wrongKeys, lifeOf: _lifeOf, ...facts }: ProductFacts): RunFacts {
  return facts;
}

/** What was recorded of a product in a run. */
export interface Recorded {
  readonly recording: Recording;
  readonly facts: ProductFacts;
  /** Exchanges that belong to no row of any history, such as the first call on a connection that is then used. */
  readonly others: readonly Exchange[];
}

/** The life of the one account that all products share. */
export interface AccountLife {
  readonly facts: RunFacts;
  readonly life: Pick<Life, 'moments' | 'probes' | 'failed'>;
}

export interface Har {
  readonly log: {
    readonly version: '1.2';
    readonly creator: { readonly name: string; readonly version: string };
    /** For people who look at the file. */
    readonly comment: string;
    /** In the order in which they were sent. */
    readonly entries: readonly HarEntry[];
    readonly _recording: StoredProduct | StoredAccount;
  };
}

interface StoredProduct {
  readonly format: typeof format;
  readonly version: typeof formatVersion;
  readonly product: ProductId;
  readonly facts: Json;
  /** Where the life stands: `account` leaves moments and probes to `account.har`. */
  readonly lifeOf: ProductFacts['lifeOf'];
  readonly holds: Recording['holds'];
  readonly accepted: Json;
  readonly refused: Json;
  readonly life: Json;
  readonly documented: Recording['documented'];
  readonly usernameElsewhere?: Recording['usernameElsewhere'];
}

interface StoredAccount {
  readonly format: typeof format;
  readonly version: typeof formatVersion;
  readonly product: 'account';
  readonly facts: Json;
  readonly life: Json;
}

/** By which a recording is recognized, and the one version of its form that is written and read. */
export const format = 'activeprospect-conformance recording';
export const formatVersion = 1;

const comment = 'An Authorization header names the credentials in words: the value that was sent was not recorded.';

/** What was recorded of a product as its file. */
export function toHar({ recording, facts, others }: Recorded): Har {
  const { first, second, life, holds, documented, usernameElsewhere } = recording;
  const { lifeOf, ...otherFacts } = facts;
  const kept = lifeOf === 'account' && life !== undefined ? withoutAccount(life) : life;
  const { entries, json } = numbered([first, second, kept], others, facts.clockZero);
  return harOf(facts, entries, {
    format,
    version: formatVersion,
    product: first.product,
    facts: json(otherFacts),
    lifeOf,
    holds,
    accepted: json(first),
    refused: json(second),
    life: json(kept),
    documented,
    ...(usernameElsewhere === undefined ? {} : { usernameElsewhere }),
  });
}

/** The life of the account as its file. */
export function toAccountHar({ facts, life }: AccountLife): Har {
  const { entries, json } = numbered(life, [], facts.clockZero);
  return harOf(facts, entries, { format, version: formatVersion, product: 'account', facts: json(facts), life: json(life) });
}

/** The life of the account, if this is a product's that is part of it. */
export function accountLifeOf({ recording: { life }, facts }: Recorded): AccountLife | undefined {
  if (facts.lifeOf === 'product' || life === undefined) return undefined;
  const { moments, probes, failed } = life;
  return { facts: ofRun(facts), life: { moments, probes, ...(failed === undefined ? {} : { failed }) } };
}

/** The product of a file, or `account`. */
export const productOf = ({ log }: Har): ProductId | 'account' => log._recording.product;

/** Whether the life of this product stands in the account's file. */
export function needsAccount({ log: { _recording } }: Har): boolean {
  return _recording.product !== 'account' && _recording.lifeOf === 'account' && _recording.life !== null;
}

/**
 * What was recorded of a product, from its file and, where that needs it, from the life of the account.
 * @throws RecordingError where an entry or the account's file is missing; its message goes on from the name of the file.
 */
export function fromHar(har: Har, account?: AccountLife): Recorded {
  const { entries, _recording } = har.log;
  if (_recording.product === 'account') throw new RecordingError('is the account’s file, not that of a product.');
  const exchanges = entries.map(exchangeOf);
  const { holds, lifeOf, documented, usernameElsewhere } = _recording;
  const facts: ProductFacts = { ...restored<Omit<ProductFacts, 'lifeOf'>>(_recording.facts, []), lifeOf };
  const kept = restored<Life | undefined>(_recording.life, exchanges);
  const recording: Recording = {
    first: restored(_recording.accepted, exchanges),
    second: restored(_recording.refused, exchanges),
    life: kept !== undefined && needsAccount(har) ? { ...kept, ...lifeIn(account, facts) } : kept,
    holds,
    documented,
    ...(usernameElsewhere === undefined ? {} : { usernameElsewhere }),
  };
  return { recording, facts, others: besideRows(recording, exchanges) };
}

/** Those of these exchanges that belong to no row of any history. */
export function besideRows({ first, second, life }: Recording, exchanges: readonly Exchange[]): readonly Exchange[] {
  const rows = new Set(exchangesIn([first, second, life]));
  return exchanges.filter((each) => !rows.has(each));
}

/** The life of the account, from its file. Throws a RecordingError as `fromHar` does. */
export function fromAccountHar({ log: { entries, _recording } }: Har): AccountLife {
  return { facts: restored(_recording.facts, []), life: restored(_recording.life, entries.map(exchangeOf)) };
}

function lifeIn(account: AccountLife | undefined, { clockZero }: ProductFacts): AccountLife['life'] {
  if (account === undefined) throw new RecordingError('needs account.har beside it, which is missing.');
  if (account.facts.clockZero !== clockZero) throw new RecordingError('needs account.har beside it, and the one there is of another run.');
  return account.life;
}

/** What of a life is the product's own, where the rest is the account's. */
const withoutAccount = ({ product, narrowed, least }: Life): Omit<Life, keyof AccountLife['life']> => ({ product, narrowed, least });

/** Exchanges as entries in the order in which they were sent, and what brings a history that holds them into JSON. */
function numbered(
  histories: unknown,
  others: readonly Exchange[],
  clockZero: number,
): { readonly entries: readonly HarEntry[]; json(value: unknown): Json } {
  const exchanges = [...new Set([...exchangesIn(histories), ...others])].sort((one, other) => one.startedAt - other.startedAt);
  const numberOf = numbering(exchanges);
  return {
    entries: exchanges.map((each) => entryOf(each, clockZero)),
    json: (value) => stored(value, numberOf),
  };
}

const harOf = ({ suite }: RunFacts, entries: readonly HarEntry[], _recording: StoredProduct | StoredAccount): Har => ({
  log: { version: '1.2', creator: { name: 'activeprospect-conformance', version: suite }, comment, entries, _recording },
});
