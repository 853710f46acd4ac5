/**
 * A recording as an HTTP archive, and back. Any HAR viewer shows its entries. `log._recording` holds everything else that was recorded, and
 * refers to the entries by number.
 */
import type { ProductId } from '../specifications/model.ts';
import { entryOf, exchangeOf, type HarEntry } from './entry.ts';
import type { Exchange } from './exchange.ts';
import type { Recording } from './recording.ts';
import { RecordingError } from './recording-error.ts';
import type { KeyReset } from './reset.ts';
import { exchangesIn, type Json, numbering, restored, stored } from './stored.ts';

/** Facts about a run other than its calls. They are the same in all files of the run. */
export interface RunFacts {
  /** The version of the suite. */
  readonly suite: string;
  readonly command: 'conformance' | 'verify-reset';
  /** RUN_NAME, or undefined. */
  readonly name: string | undefined;
  /** When the run began: ISO 8601, UTC. */
  readonly startedAt: string;
  /** The wall clock at 0 of the monotonic clock, in ms since 1970. */
  readonly clockZero: number;
  readonly kind: 'embedded' | 'own';
  readonly seed: number;
  /** The effective value of each variable, without secrets. */
  readonly configuration: readonly (readonly [name: string, value: string])[];
  /** The ids of the selected requirements. */
  readonly requirements: readonly string[];
  /** The products of the whole run; this file may be a part of it. */
  readonly products: readonly ProductId[];
}

/** Facts about a product in a run other than its calls. */
export interface ProductFacts extends RunFacts {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** All requests sent to the product, and those whose Basic credentials decode and whose password is not the key. */
  readonly requests: number;
  readonly wrongKeys: number;
  /** `account`: the user's commands reset the one account, so all products share its reset, which is in `account.har`. */
  readonly resetOf: 'product' | 'account';
}

/** The facts that are the same in all files of the run. */
export function ofRun({ baseUrl: _url, requests: _requests, wrongKeys: _wrongKeys, resetOf: _resetOf, ...facts }: ProductFacts): RunFacts {
  return facts;
}

/** The recording of a product in a run, with its facts. */
export interface Recorded {
  readonly recording: Recording;
  readonly facts: ProductFacts;
  /** Exchanges that belong to no row of any history, such as the first call on a connection that a row then uses. */
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
    /** For people who view the file. */
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
  /** Where the reset is stored: with `account`, its moments and probes are in `account.har`. */
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

/** Identifies a file as a recording. */
export const format = 'activeprospect-conformance recording';
/** The only version of the format that is written and read. */
export const formatVersion = 1;

const comment = 'Authorization headers describe the credentials: the values that were sent are not recorded.';

/** A product's recording as its file. */
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

/** The account's reset as its file. */
export function toAccountHar({ facts, reset }: AccountReset): Har {
  const { entries, json } = numbered(reset, [], facts.clockZero);
  return harOf(facts, entries, { format, version: formatVersion, product: 'account', facts: json(facts), reset: json(reset) });
}

/** The account's reset, if this product's reset is part of it. */
export function accountResetOf({ recording: { reset }, facts }: Recorded): AccountReset | undefined {
  if (facts.resetOf === 'product' || reset === undefined) return undefined;
  const { moments, probes, failed } = reset;
  return { facts: ofRun(facts), reset: { moments, probes, ...(failed === undefined ? {} : { failed }) } };
}

/** The product of a file, or `account`. */
export const productOf = ({ log }: Har): ProductId | 'account' => log._recording.product;

const isOfProduct = (stored: StoredProduct | StoredAccount): stored is StoredProduct => stored.product !== 'account';

/** Whether this product's reset is stored in the account's file. */
export function needsAccount({ log: { _recording } }: Har): boolean {
  return isOfProduct(_recording) && _recording.resetOf === 'account' && _recording.reset !== null;
}

/**
 * A product's recording, from its file and, if needed, from the account's reset.
 * @throws RecordingError if an entry or the account's file is missing. The caller puts the name of the file in front of its message.
 */
export function fromHar(har: Har, account?: AccountReset): Recorded {
  const { entries, _recording } = har.log;
  if (!isOfProduct(_recording)) throw new RecordingError('is the recording of the account, not of a product.');
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
  return { recording, facts, others: outsideRows(recording, exchanges) };
}

/** The exchanges that belong to no row of any history. */
export function outsideRows({ first, second, reset }: Recording, exchanges: readonly Exchange[]): readonly Exchange[] {
  const rows = new Set(exchangesIn([first, second, reset]));
  return exchanges.filter((each) => !rows.has(each));
}

/** The account's reset, from its file. @throws RecordingError as `fromHar` does. */
export function fromAccountHar({ log: { entries, _recording } }: Har): AccountReset {
  return { facts: restored(_recording.facts, []), reset: restored(_recording.reset, entries.map(exchangeOf)) };
}

function resetIn(account: AccountReset | undefined, { clockZero }: ProductFacts): AccountReset['reset'] {
  if (account === undefined) throw new RecordingError('needs account.har in the same folder, which is missing.');
  if (account.facts.clockZero !== clockZero)
    throw new RecordingError('needs account.har of the same run, but the one in its folder is of another run.');
  return account.reset;
}

/** The product's own part of a reset; the rest is the account's. */
const withoutAccount = ({ product, narrowed, least }: KeyReset): Omit<KeyReset, keyof AccountReset['reset']> => ({
  product,
  narrowed,
  least,
});

/** The exchanges as entries, in the order in which they were sent, and a function that converts a history with them to JSON. */
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
