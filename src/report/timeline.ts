/** When which key was accepted around a login, as plain data: what the reports say of "at once". */

import { isLetIn } from '../recording/outcome.ts';
import { asSeen, expected, isByHand, type KeyReset, neverIssuedKey, type Probe, startOf } from '../recording/reset.ts';
import type { ProductId } from '../specifications/model.ts';

export interface Call {
  /** When it was sent, in ms after the login was answered; negative before that. */
  readonly at: number;
  readonly key: 'old' | 'new';
  readonly answer: 'accepted' | 'refused' | 'neither';
  /** The page promises another answer at that time. */
  readonly wrong: boolean;
}

/** The calls around the first login to a product after a reset. Times are in ms after the login was answered. */
export interface Timeline {
  readonly product: ProductId;
  /** When the login was sent; zero or negative. */
  readonly loginSentAt: number;
  /** A person logged in, and said so: when the login was answered is not known. */
  readonly isReported?: true;
  readonly calls: readonly Call[];
  /** When the call was sent; undefined if there was none. */
  readonly firstNewAccepted: number | undefined;
  readonly lastOldAccepted: number | undefined;
  /** 95 % chance of catching a host that is stale once in this many calls; undefined if too few calls came after the login. */
  readonly seesOnceIn: number | undefined;
}

/** Undefined if no login to the product was answered, or if a reset gave the same key again: then there is no old and no new one. */
export function timelineOf(history: KeyReset): Timeline | undefined {
  const { product, moments, probes } = history;
  const login = moments.find((each) => each.kind === 'login' && each.product === product);
  if (login === undefined || !Number.isFinite(login.endedAt)) return undefined;
  if (moments.some((each) => each.kind === 'reset' && each.sameKey)) return undefined;
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
  const seen = asSeen(history);
  const calls = probes
    .filter(concerns)
    .map((probe): Call => {
      const { kind } = probe.trial.outcome;
      const answer = isLetIn(probe.trial) ? 'accepted' : kind === 'refused' ? 'refused' : 'neither';
      const promised = expected(probe, seen);
      return {
        at: startOf(probe) - login.endedAt,
        key: probe.key === key ? 'new' : 'old',
        answer,
        wrong: promised === 'accepted' ? answer === 'refused' : promised === 'refused' && answer === 'accepted',
      };
    })
    .sort((one, other) => one.at - other.at);
  const accepted = (of: Call['key']): readonly number[] =>
    calls.filter((each) => each.key === of && each.answer === 'accepted').map(({ at }) => at);
  const after = (of: Call['key']): number => calls.filter((each) => each.key === of && each.at >= 0).length;
  return {
    product,
    loginSentAt: login.startedAt - login.endedAt,
    ...(isByHand(history) ? { isReported: true as const } : {}),
    calls,
    firstNewAccepted: accepted('new').at(0),
    lastOldAccepted: accepted('old').at(-1),
    seesOnceIn: seenOnceIn(Math.min(after('old'), after('new'))),
  };
}

const confidence = 0.95;

/** The largest N such that this many independent calls have a 95 % chance of catching a host that is stale once in N calls. */
function seenOnceIn(calls: number): number | undefined {
  const once = Math.floor(1 / (1 - (1 - confidence) ** (1 / calls)));
  return calls > 0 && once > 1 ? once : undefined;
}

/** The calls whose answer breaks a promise. */
export const wrongIn = ({ calls }: Timeline): readonly Call[] => calls.filter(({ wrong }) => wrong);

/** The result in a few sentences. */
export function inWords(timeline: Timeline): string {
  const { product, calls, isReported, firstNewAccepted, lastOldAccepted, seesOnceIn } = timeline;
  const login = `the login was ${isReported ? 'reported' : 'answered'}`;
  const started =
    firstNewAccepted === undefined ? 'the new key never worked' : `the new key first worked ${when(firstNewAccepted)} ${login}`;
  const stopped = !calls.some(({ key }) => key === 'old')
    ? 'the old key was not tried'
    : lastOldAccepted === undefined
      ? 'the old key did not work'
      : `the old key last worked ${when(lastOldAccepted)}${firstNewAccepted === undefined ? ` ${login}` : ''}`;
  const power =
    seesOnceIn === undefined
      ? 'The calls were too few to notice an occasional stale answer.'
      : `One stale answer in ${seesOnceIn} would have been noticed with a probability of 95%.`;
  return `${product}: ${started}, and ${stopped}. ${power}${wrongInWords(timeline)}`;
}

/** Wrong answers whose times are named; the rest is counted. */
const timesNamed = 5;

function wrongInWords(timeline: Timeline): string {
  const wrong = wrongIn(timeline);
  if (wrong.length === 0) return '';
  const times = wrong.slice(0, timesNamed).map(({ at, key, answer }) => `${key} key ${answer} at ${milliseconds(at)}`);
  const more = wrong.length > timesNamed ? `, and ${wrong.length - timesNamed} more` : '';
  return ` Wrong answers, with the time since the login: ${times.join(', ')}${more}.`;
}

/** `at` in ms after the login had been answered. */
const when = (at: number): string => `${milliseconds(Math.abs(at))} ${at < 0 ? 'before' : 'after'}`;

/** A time with its unit, no more exact than a reader needs it. */
export function milliseconds(ms: number): string {
  const size = Math.abs(ms);
  if (size >= 10_000) return `${Math.round(ms / 1000).toLocaleString('en')} s`;
  return size >= 10 || size === 0 ? `${Math.round(ms).toLocaleString('en')} ms` : `${ms.toFixed(1)} ms`;
}
