/**
 * A recording as an HTTP archive, plain data on both sides. Any viewer of HAR shows its entries; `log._recording` holds everything else that
 * was recorded, and refers to the entries by number.
 */
import type { ProductId } from '../specifications/model.ts';
import { entryOf, exchangeOf, type HarEntry } from './entry.ts';
import type { Exchange } from './exchange.ts';
import type { Recording } from './recording.ts';
import { RecordingError } from './recording-error.ts';
import type { KeyReset } from './reset.ts';
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
  /** `account`: commands of the user's reset the one account, so that its reset is that of all products and stands in `account.har`. */
  readonly resetOf: 'product' | 'account';
}

/** What is the same in all files of the run. */
export function ofRun({ baseUrl: _url, requests: _requests, wrongKeys: _wrongKeys, resetOf: _resetOf, ...facts }: ProductFacts): RunFacts {
  return facts;
}

/** What was recorded of a product in a run. */
export interface Recorded {
  readonly recording: Recording;
  readonly facts: ProductFacts;
  /** Exchanges that belong to no row of any history, such as the first call on a connection that is then used. */
  readonly others: readonly Exchange[];
}

/** The reset of the one account that all products share. */
export interface AccountReset {
  readonly facts: RunFacts;
  readonly reset: Pick<KeyReset, 'moments' | 'probes' | 'failed'>;
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
  /** Where the reset stands: `account` leaves moments and probes to `account.har`. */
  readonly resetOf: ProductFacts['resetOf'];
  readonly holds: Recording['holds'];
  readonly accepted: Json;
  readonly refused: Json;
  readonly reset: Json;
  readonly documented: Recording['documented'];
  readonly usernameElsewhere?: Recording['usernameElsewhere'];
}

interface StoredAccount {
  readonly format: typeof format;
  readonly version: typeof formatVersion;
  readonly product: 'account';
  readonly facts: Json;
  readonly reset: Json;
}

/** By which a recording is recognized, and the one version of its form that is written and read. */
export const format = 'activeprospect-conformance recording';
export const formatVersion = 1;

const comment = 'An Authorization header names the credentials in words: the value that was sent was not recorded.';

/** What was recorded of a product as its file. */
export function toHar({ recording, facts, others }: Recorded): Har {
  const { first, second, reset, holds, documented, usernameElsewhere } = recording;
  const { resetOf, ...otherFacts } = facts;
  const kept = resetOf === 'account' && reset !== undefined ? withoutAccount(reset) : reset;
  const { entries, json } = numbered([first, second, kept], others, facts.clockZero);
  return harOf(facts, entries, {
    format,
    version: formatVersion,
    product: first.product,
    facts: json(otherFacts),
    resetOf,
    holds,
    accepted: json(first),
    refused: json(second),
    reset: json(kept),
    documented,
    ...(usernameElsewhere === undefined ? {} : { usernameElsewhere }),
  });
}

/** The reset of the account as its file. */
export function toAccountHar({ facts, reset }: AccountReset): Har {
  const { entries, json } = numbered(reset, [], facts.clockZero);
  return harOf(facts, entries, { format, version: formatVersion, product: 'account', facts: json(facts), reset: json(reset) });
}

/** The reset of the account, if this is a product's that is part of it. */
export function accountResetOf({ recording: { reset }, facts }: Recorded): AccountReset | undefined {
  if (facts.resetOf === 'product' || reset === undefined) return undefined;
  const { moments, probes, failed } = reset;
  return { facts: ofRun(facts), reset: { moments, probes, ...(failed === undefined ? {} : { failed }) } };
}

/** The product of a file, or `account`. */
export const productOf = ({ log }: Har): ProductId | 'account' => log._recording.product;

/** Whether the reset of this product stands in the account's file. */
export function needsAccount({ log: { _recording } }: Har): boolean {
  return _recording.product !== 'account' && _recording.resetOf === 'account' && _recording.reset !== null;
}

/**
 * What was recorded of a product, from its file and, where that needs it, from the reset of the account.
 * @throws RecordingError where an entry or the account's file is missing; its message goes on from the name of the file.
 */
export function fromHar(har: Har, account?: AccountReset): Recorded {
  const { entries, _recording } = har.log;
  if (_recording.product === 'account') throw new RecordingError('is the account’s file, not that of a product.');
  const exchanges = entries.map(exchangeOf);
  const { holds, resetOf, documented, usernameElsewhere } = _recording;
  const facts: ProductFacts = { ...restored<Omit<ProductFacts, 'resetOf'>>(_recording.facts, []), resetOf };
  const kept = restored<KeyReset | undefined>(_recording.reset, exchanges);
  const recording: Recording = {
    first: restored(_recording.accepted, exchanges),
    second: restored(_recording.refused, exchanges),
    reset: kept !== undefined && needsAccount(har) ? { ...kept, ...resetIn(account, facts) } : kept,
    holds,
    documented,
    ...(usernameElsewhere === undefined ? {} : { usernameElsewhere }),
  };
  return { recording, facts, others: besideRows(recording, exchanges) };
}

/** Those of these exchanges that belong to no row of any history. */
export function besideRows({ first, second, reset }: Recording, exchanges: readonly Exchange[]): readonly Exchange[] {
  const rows = new Set(exchangesIn([first, second, reset]));
  return exchanges.filter((each) => !rows.has(each));
}

/** The reset of the account, from its file. Throws a RecordingError as `fromHar` does. */
export function fromAccountHar({ log: { entries, _recording } }: Har): AccountReset {
  return { facts: restored(_recording.facts, []), reset: restored(_recording.reset, entries.map(exchangeOf)) };
}

function resetIn(account: AccountReset | undefined, { clockZero }: ProductFacts): AccountReset['reset'] {
  if (account === undefined) throw new RecordingError('needs account.har beside it, which is missing.');
  if (account.facts.clockZero !== clockZero) throw new RecordingError('needs account.har beside it, and the one there is of another run.');
  return account.reset;
}

/** What of a reset is the product's own, where the rest is the account's. */
const withoutAccount = ({ product, narrowed, least }: KeyReset): Omit<KeyReset, keyof AccountReset['reset']> => ({
  product,
  narrowed,
  least,
});

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
