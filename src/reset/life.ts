/** A key's life as plain data, and what the page makes of any moment in it. */
import type { Trial } from '../history/index.ts';
import type { ProductId } from '../spec/index.ts';

/** Which key of the account: 0 is the first, each reset gives the next one. */
export type KeyIndex = number;
/** A key that was never issued: the control of a key that is let in too early or too long. */
export const neverIssuedKey: KeyIndex = -1;

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
  /** Operation and username: what is let in there is compared with what a key that was never issued gets there. */
  readonly place: string;
  readonly trial: Trial;
}

export interface Life {
  /** The product whose login is looked at; the others are there to be left alone. */
  readonly product: ProductId;
  readonly moments: readonly Moment[];
  readonly probes: readonly Probe[];
}

export const startOf = ({ trial }: Probe): number => trial.exchanges[0]?.startedAt ?? 0;
export const endOf = ({ trial }: Probe): number => {
  const last = trial.exchanges.at(-1);
  return last === undefined ? 0 : last.startedAt + last.durationMs;
};

/** Resets that had been answered, and those that may have taken place, when the call was under way. */
const issued = (moments: readonly Moment[], time: number, by: 'startedAt' | 'endedAt'): KeyIndex =>
  moments.filter((each) => each.kind === 'reset' && each[by] <= time).length;

/** The key that the product takes by the page: the one that was newest at its last login, the first before any. */
export function currentKey(moments: readonly Moment[], product: ProductId, time: number, by: 'startedAt' | 'endedAt'): KeyIndex {
  const login = moments.filter((each) => each.kind === 'login' && each.product === product && each[by] <= time).at(-1);
  return login === undefined ? 0 : issued(moments, login.startedAt, 'endedAt');
}

/**
 * What a call must get by the page. A call that overlaps the login that changes its answer may get either; one that starts after the
 * login has been answered must see the new state, one that ended before it was sent the old one.
 */
export function expected(probe: Probe, moments: readonly Moment[]): 'accepted' | 'refused' | 'either' {
  if (probe.key === neverIssuedKey) return 'refused';
  const under = moments.filter(
    (each) => each.kind === 'login' && each.product === probe.product && each.startedAt <= endOf(probe) && each.endedAt > startOf(probe),
  );
  const keys = [
    currentKey(moments, probe.product, startOf(probe), 'endedAt'),
    ...under.map((each) => issued(moments, each.startedAt, 'endedAt')),
  ];
  const takes = keys.map((key) => key === probe.key);
  if (takes.includes(true) && takes.includes(false)) return 'either';
  return takes[0] === true ? 'accepted' : 'refused';
}

/** Where a call overlapped a login: the login, and the key that it brought. */
export function loginUnder(probe: Probe, moments: readonly Moment[]): { readonly login: Moment; readonly key: KeyIndex } | undefined {
  const login = moments.find(
    (each) => each.kind === 'login' && each.product === probe.product && each.startedAt <= endOf(probe) && each.endedAt > startOf(probe),
  );
  return login && { login, key: issued(moments, login.startedAt, 'endedAt') };
}
