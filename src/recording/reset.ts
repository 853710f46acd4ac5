/** A key's reset as plain data, and what the page promises at each moment of it. */

import type { ProductId } from '../specifications/model.ts';
import type { Cause } from './causes.ts';
import { isLetIn, type Trial } from './outcome.ts';

/** The number of the account's key: 0 is the first, each reset gives the next one. */
export type KeyIndex = number;
/** A key that was never issued: the negative control for a key that is accepted too early or too long. */
export const neverIssuedKey: KeyIndex = -1;

/** The name of a key in reports. */
export const keyLabel = (key: KeyIndex): string =>
  key === neverIssuedKey ? 'a key that was never issued' : key === 0 ? 'first key' : `key from reset no. ${key}`;

/** A reset or a login: when it was sent and when it was answered, in ms on the monotonic clock of the run. */
export type Moment = {
  readonly startedAt: number;
  readonly endedAt: number;
  /** Not recorded: a call showed its effect before it was answered, and `endedAt` is when. */
  readonly seenEarly?: true;
} & (
  | {
      readonly kind: 'reset';
      /** The reset gave the same key again. */
      readonly sameKey: boolean;
    }
  | { readonly kind: 'login'; readonly product: ProductId }
);

/** One call with one of the account's keys. */
export interface Probe {
  /** The name of the check that it belongs to, as reports show it. */
  readonly check: string;
  readonly product: ProductId;
  readonly key: KeyIndex;
  /** Method, path and username. An acceptance there is compared with the answer that a key that was never issued gets there. */
  readonly place: string;
  /** A call that may change something is never sent with the right key, so only a 401 or an acceptance counts. */
  readonly noPositiveControl?: true;
  readonly trial: Trial;
}

/** How many connections were kept open around a reset or a login, and how many were planned. */
export interface Narrowed {
  /** The event: `around the login`. */
  readonly chapter: string;
  readonly product: ProductId;
  readonly planned: number;
  readonly held: number;
}

export interface KeyReset {
  /** The product whose login is judged. The others are bystanders. */
  readonly product: ProductId;
  readonly moments: readonly Moment[];
  readonly probes: readonly Probe[];
  /** The fewest answers of this product before and after its login that allow a judgement. */
  readonly least: { readonly before: number; readonly after: number };
  /** Events around which the host did not serve as many connections at once as planned. */
  readonly narrowed: readonly Narrowed[];
  /** The command that ended the reset early, and the calls made after it to see in which state it left the account. */
  readonly failed?: { readonly command: CommandName; readonly message: string; readonly since: readonly Probe[] };
}

/** A person reset the key and logged in, so nothing was asked for before, and when either was answered is not known. */
export const isByHand = ({ least }: Pick<KeyReset, 'least'>): boolean => least.before === 0;

/** When it was first sent, in ms on the clock of the run; 0 if it never was. */
export const startOf = ({ trial }: Probe): number => trial.exchanges[0]?.startedAt ?? 0;
/** When its last answer had arrived, in ms on the clock of the run; 0 if it was never sent. */
export const endOf = ({ trial }: Probe): number => {
  const last = trial.exchanges.at(-1);
  return last === undefined ? 0 : last.startedAt + last.durationMs;
};

/** How many resets had been answered at that time. */
const issued = (moments: readonly Moment[], time: number): KeyIndex =>
  moments.filter((each) => each.kind === 'reset' && each.endedAt <= time).length;

const loginsTo = (moments: readonly Moment[], product: ProductId): readonly Moment[] =>
  moments.filter((each) => each.kind === 'login' && each.product === product);

/** The key that the product must accept at that time: the newest at its last answered login, or the first before any login. */
export function currentKey(moments: readonly Moment[], product: ProductId, time: number): KeyIndex {
  const login = loginsTo(moments, product).findLast((each) => each.endedAt <= time);
  return login === undefined ? 0 : issued(moments, login.startedAt);
}

/** The keys that the product may accept during the call: the one valid at its start, and the one of each login that the call overlaps. */
function keysDuring(probe: Probe, moments: readonly Moment[]): ReadonlySet<KeyIndex> {
  const under = loginsTo(moments, probe.product).filter((each) => each.startedAt <= endOf(probe) && each.endedAt > startOf(probe));
  return new Set([currentKey(moments, probe.product, startOf(probe)), ...under.map((each) => issued(moments, each.startedAt))]);
}

/**
 * The answer that the page promises. A call that overlaps the login that changes its answer may get either. One that starts after the login
 * was answered must see the new state; one that ended before the login was sent must see the old one.
 */
export function expected(probe: Probe, moments: readonly Moment[]): 'accepted' | 'refused' | 'either' {
  const keys = keysDuring(probe, moments);
  if (probe.key === neverIssuedKey || !keys.has(probe.key)) return 'refused';
  return keys.size === 1 ? 'accepted' : 'either';
}

/**
 * The moments, with each login counted as answered from when its effect was first seen: once one call has seen the new state, none that
 * starts later may see the old one.
 */
export function asSeen({ moments, probes }: KeyReset): readonly Moment[] {
  return moments.map((login) => {
    if (login.kind !== 'login') return login;
    const former = currentKey(moments, login.product, login.startedAt);
    const brought = issued(moments, login.startedAt);
    const isNew = ({ key, trial }: Probe): boolean =>
      isLetIn(trial) ? key === brought : key === former && trial.outcome.kind === 'refused';
    // What the product answered before the login already was not brought by it.
    const resetAt = moments.findLast(({ kind, endedAt }) => kind === 'reset' && endedAt <= login.startedAt)?.endedAt ?? 0;
    const before = probes.filter(
      (each) => each.product === login.product && startOf(each) >= resetAt && endOf(each) <= login.startedAt && isNew(each),
    );
    const seen = probes.filter((each) => {
      const keys = keysDuring(each, moments);
      const overlaps = startOf(each) < login.endedAt && endOf(each) >= login.startedAt;
      // If a call overlaps several logins, it is not clear which of them it saw.
      if (each.product !== login.product || !overlaps || keys.size !== 2 || !keys.has(former) || !keys.has(brought)) return false;
      return isNew(each) && !before.some(({ key }) => key === each.key);
    });
    const first = Math.min(login.endedAt, ...seen.map(endOf));
    return first < login.endedAt ? { ...login, endedAt: first, seenEarly: true } : login;
  });
}

export type CommandName = 'RESET_COMMAND' | 'LOGIN_COMMAND';

/** The last answer to a key, for the table of `verify-reset`. */
export interface KeyAnswer {
  readonly answer: 'accepted' | 'refused' | 'neither' | 'nothing';
  /** When the call was sent, in ms on the clock of the run. */
  readonly at: number;
  /** Why the answer proves nothing. */
  readonly cause?: Cause;
}

/** Undefined if there was no call. */
export function answerIn(probe: Probe | undefined): KeyAnswer | undefined {
  if (probe === undefined) return undefined;
  const { outcome } = probe.trial;
  const at = startOf(probe);
  if (isLetIn(probe.trial)) return { answer: 'accepted', at };
  if (outcome.kind === 'refused') return { answer: 'refused', at };
  return outcome.kind === 'other'
    ? { answer: 'neither', at }
    : { answer: 'nothing', at, ...('cause' in outcome ? { cause: outcome.cause } : {}) };
}
