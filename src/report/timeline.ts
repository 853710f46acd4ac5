/** When which key was accepted around a login, as plain data: what the reports say of "at once". */

import { isLetIn } from '../recording/outcome.ts';
import { type KeyReset, neverIssuedKey, type Probe, startOf } from '../recording/reset.ts';
import type { ProductId } from '../specifications/model.ts';

export interface Call {
  /** When it was sent, in ms after the login had been answered; negative before that. */
  readonly at: number;
  readonly key: 'old' | 'new';
  readonly answer: 'accepted' | 'refused' | 'neither';
}

/** Of the first login to a product after a reset. Times are in ms after that login had been answered. */
export interface Timeline {
  readonly product: ProductId;
  /** When the login was sent: not positive. */
  readonly loginSentAt: number;
  readonly calls: readonly Call[];
  /** Sent when; undefined where there was none. */
  readonly firstNewAccepted: number | undefined;
  readonly lastOldAccepted: number | undefined;
  /** A stale answer once in so many calls with a key is seen with 95 %; undefined where too few calls came after the login. */
  readonly seesOnceIn: number | undefined;
}

/** Undefined where no login to the product was answered. */
export function timelineOf({ product, moments, probes }: KeyReset): Timeline | undefined {
  const login = moments.find((each) => each.kind === 'login' && each.product === product);
  if (login === undefined || !Number.isFinite(login.endedAt)) return undefined;
  const reset = moments.findLast((each) => each.kind === 'reset' && each.startedAt < login.startedAt);
  const next = moments.find((each) => each.kind === 'reset' && each.startedAt > login.endedAt);
  const key = moments.filter((each) => each.kind === 'reset' && each.startedAt < login.startedAt).length;
  const concerns = (probe: Probe): boolean =>
    probe.product === product &&
    probe.key !== neverIssuedKey &&
    probe.key <= key &&
    probe.trial.exchanges.length > 0 &&
    startOf(probe) >= (reset?.endedAt ?? 0) &&
    startOf(probe) < (next?.startedAt ?? Number.POSITIVE_INFINITY);
  const calls = probes
    .filter(concerns)
    .map((probe): Call => {
      const { kind } = probe.trial.outcome;
      return {
        at: startOf(probe) - login.endedAt,
        key: probe.key === key ? 'new' : 'old',
        answer: isLetIn(probe.trial) ? 'accepted' : kind === 'refused' ? 'refused' : 'neither',
      };
    })
    .sort((one, other) => one.at - other.at);
  const accepted = (of: Call['key']): readonly number[] =>
    calls.filter((each) => each.key === of && each.answer === 'accepted').map(({ at }) => at);
  const after = (of: Call['key']): number => calls.filter((each) => each.key === of && each.at >= 0).length;
  return {
    product,
    loginSentAt: login.startedAt - login.endedAt,
    calls,
    firstNewAccepted: accepted('new').at(0),
    lastOldAccepted: accepted('old').at(-1),
    seesOnceIn: seenOnceIn(Math.min(after('old'), after('new'))),
  };
}

const confidence = 0.95;

/** Of calls that are answered independently, `calls` of them see one that is stale once in N with 95 %: the largest such N. */
export function seenOnceIn(calls: number): number | undefined {
  const once = Math.floor(1 / (1 - (1 - confidence) ** (1 / calls)));
  return calls > 0 && once > 1 ? once : undefined;
}

/** What it came to, in one sentence. */
export function inWords({ product, firstNewAccepted, lastOldAccepted, seesOnceIn }: Timeline): string {
  const taken =
    firstNewAccepted === undefined
      ? 'the new key was never taken'
      : `the new key was first taken by a call ${when(firstNewAccepted, 'the login was answered')}`;
  const stopped =
    lastOldAccepted === undefined
      ? 'the old one was not taken'
      : `the old one last by a call ${when(lastOldAccepted, firstNewAccepted === undefined ? 'the login was answered' : 'it')}`;
  const power =
    seesOnceIn === undefined
      ? 'too few calls to catch a stale answer'
      : `95 % chance of catching a host that is stale once in ${seesOnceIn} calls`;
  return `${product}: ${taken}, ${stopped}; ${power}.`;
}

/** `at` in ms after the login had been answered, which is called `that`. */
function when(at: number, that: string): string {
  const ms = Math.abs(at);
  const long = ms >= 10_000 ? `${Math.round(ms / 1000)} s` : ms >= 10 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
  return `sent ${long} ${at < 0 ? 'before' : 'after'} ${that}`;
}
