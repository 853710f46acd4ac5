/** A key's reset as plain data, and what the page makes of any moment in it. */

import type { ProductId } from '../specifications/model.ts';
import type { Cause } from './causes.ts';
import { isLetIn, type Trial } from './outcome.ts';

/** Which key of the account: 0 is the first, each reset gives the next one. */
export type KeyIndex = number;
/** A key that was never issued: the control of a key that is let in too early or too long. */
export const neverIssuedKey: KeyIndex = -1;

/** What a report calls a key. */
export const keyLabel = (key: KeyIndex): string =>
  key === neverIssuedKey ? 'a key that was never issued' : key === 0 ? 'first key' : `key from reset no. ${key}`;

/** Something that happened to the account. Times are in ms on the monotonic clock of the run: sent, and answered. */
export type Moment = { readonly startedAt: number; readonly endedAt: number } & (
  | { readonly kind: 'reset' /** The key that it gave is the one that it replaced. */; readonly sameKey: boolean }
  | { readonly kind: 'login'; readonly product: ProductId }
);

/** One call with one of the account's keys. */
export interface Probe {
  /** What a report calls the check that it belongs to. */
  readonly check: string;
  readonly product: ProductId;
  readonly key: KeyIndex;
  /** Method, path and username: what is let in there is compared with what a key that was never issued gets there. */
  readonly place: string;
  /** A call that may change something is never sent with the right key, so that only a 401 and an acceptance tell something. */
  readonly noPositiveControl?: true;
  readonly trial: Trial;
}

/** Connections that were held around a reset or a login, and how many were planned. */
export interface Narrowed {
  /** What it was that happened: `around the login`. */
  readonly chapter: string;
  readonly product: ProductId;
  readonly planned: number;
  readonly held: number;
}

export interface KeyReset {
  /** The product whose login is looked at; the others are there to be left alone. */
  readonly product: ProductId;
  readonly moments: readonly Moment[];
  readonly probes: readonly Probe[];
  /** Answers of this product that are needed before its login and after it, or nobody can tell. */
  readonly least: { readonly before: number; readonly after: number };
  /** Where a host did not serve as many connections at once as were planned around a login. */
  readonly narrowed: readonly Narrowed[];
  /** The command that ended the reset early, and calls made since to see in which state it has left the account. */
  readonly failed?: { readonly command: CommandName; readonly message: string; readonly since: readonly Probe[] };
}

export const startOf = ({ trial }: Probe): number => trial.exchanges[0]?.startedAt ?? 0;
export const endOf = ({ trial }: Probe): number => {
  const last = trial.exchanges.at(-1);
  return last === undefined ? 0 : last.startedAt + last.durationMs;
};

/** How many resets had been answered. */
const issued = (moments: readonly Moment[], time: number): KeyIndex =>
  moments.filter((each) => each.kind === 'reset' && each.endedAt <= time).length;

const loginsTo = (moments: readonly Moment[], product: ProductId): readonly Moment[] =>
  moments.filter((each) => each.kind === 'login' && each.product === product);

/** The key that the product takes by the page: the one that was newest at its last login that had been answered, the first before any. */
export function currentKey(moments: readonly Moment[], product: ProductId, time: number): KeyIndex {
  const login = loginsTo(moments, product).findLast((each) => each.endedAt <= time);
  return login === undefined ? 0 : issued(moments, login.startedAt);
}

/** The keys that the product may have taken while the call was under way: that of its start, and what each login brings that it overlaps. */
function keysDuring(probe: Probe, moments: readonly Moment[]): ReadonlySet<KeyIndex> {
  const under = loginsTo(moments, probe.product).filter((each) => each.startedAt <= endOf(probe) && each.endedAt > startOf(probe));
  return new Set([currentKey(moments, probe.product, startOf(probe)), ...under.map((each) => issued(moments, each.startedAt))]);
}

/**
 * What a call must get by the page. A call that overlaps the login that changes its answer may get either; one that starts after the
 * login has been answered must see the new state, one that ended before it was sent the old one.
 */
export function expected(probe: Probe, moments: readonly Moment[]): 'accepted' | 'refused' | 'either' {
  const keys = keysDuring(probe, moments);
  if (probe.key === neverIssuedKey || !keys.has(probe.key)) return 'refused';
  return keys.size === 1 ? 'accepted' : 'either';
}

/**
 * The moments with each login answered from when its effect was first seen: once one call has seen the new state, none that starts later
 * may see the old one.
 */
export function asSeen({ moments, probes }: KeyReset): readonly Moment[] {
  return moments.map((login) => {
    if (login.kind !== 'login') return login;
    const former = currentKey(moments, login.product, login.startedAt);
    const brought = issued(moments, login.startedAt);
    const seen = probes.filter((each) => {
      const keys = keysDuring(each, moments);
      const overlaps = startOf(each) < login.endedAt && endOf(each) >= login.startedAt;
      // Where a call overlaps several logins it cannot be said which of them it saw.
      if (each.product !== login.product || !overlaps || keys.size !== 2 || !keys.has(former) || !keys.has(brought)) return false;
      return isLetIn(each.trial) ? each.key === brought : each.key === former && each.trial.outcome.kind === 'refused';
    });
    return { ...login, endedAt: Math.min(login.endedAt, ...seen.map(endOf)) };
  });
}

export type CommandName = 'RESET_COMMAND' | 'LOGIN_COMMAND';

/** The last answer to a key, as a table shows it. */
export interface Answered {
  readonly answer: 'accepted' | 'refused' | 'neither' | 'nothing';
  /** When it was asked, in ms on the clock of the run. */
  readonly at: number;
  /** Why it tells nothing. */
  readonly cause?: Cause;
}

export function answerIn(probe: Probe | undefined): Answered | undefined {
  if (probe === undefined) return undefined;
  const { outcome } = probe.trial;
  const at = startOf(probe);
  if (isLetIn(probe.trial)) return { answer: 'accepted', at };
  if (outcome.kind === 'refused') return { answer: 'refused', at };
  return outcome.kind === 'other'
    ? { answer: 'neither', at }
    : { answer: 'nothing', at, ...('cause' in outcome ? { cause: outcome.cause } : {}) };
}
