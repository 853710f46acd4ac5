/** Sends calls to a product: repeats a call whose first answer needs confirmation, keeps the pace, counts, and knows when to stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, PinnedClient } from '../http/client.ts';
import type { Cause } from '../recording/causes.ts';
import { type Exchange, headerOf, statusOf } from '../recording/exchange.ts';
import { classify, settle, type Trial, wasClosedEarly } from '../recording/outcome.ts';
import { type Call, pathOf } from './call.ts';
import type { Pace } from './pace.ts';

/** What has been sent to a product so far. */
export interface Tally {
  readonly requests: number;
  readonly wrongKeys: number;
  /** Calls, however many requests each took. */
  readonly calls: number;
  /** Calls that were repeated because the first answer was unusable, or whose second answer differed from the first. */
  readonly askedAgain: number;
}

export interface AskerOptions {
  readonly client: Client;
  readonly pace: Pace;
  /** Pause before a call with an unusable answer is repeated, in ms, unless the host asks for another. */
  readonly pauseMs?: number;
  /** How that pause passes. */
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** Sends calls over one connection of its own. */
export interface PinnedAsker extends Pick<Asker, 'ask'>, Pick<PinnedClient, 'isOpen' | 'closeIdle'> {}

/** How a call is sent. */
export interface AskOptions {
  /** Goes ahead of all calls that are waiting. */
  readonly next?: boolean;
  /** An unusable answer is final: repeating the call is known to be useless. A 429 is still repeated, because the second in a row counts. */
  readonly hasty?: boolean;
}

export interface Asker extends Pick<Client, 'room' | 'closeIdle'> {
  /** Never rejects because of anything that a host does. Resolves to `unasked` once the product has been given up. */
  ask(call: Call, how?: AskOptions): Promise<Trial>;
  /** Sends the call once, whatever the answer: it is not repeated and does not count towards an unstable or unreachable host. */
  once(call: Call): Promise<Trial>;
  /** Like `ask`, over one connection of its own. The caller calls `closeIdle` when it no longer needs the connection. */
  pinned(): PinnedAsker;
  /** Sends no more calls from now on. */
  giveUp(cause: Cause): void;
  /** Why the product was given up, or undefined. */
  readonly givenUp: Cause | undefined;
  readonly tally: Tally;
  /** Every request with its answer, in the order of the answers. */
  readonly exchanges: readonly Exchange[];
  close(): Promise<void>;
}

/** The longest wait before a call is repeated, in ms, even if the host asks for more. */
const longestWait = 10_000;
/**
 * After this many confirmed answers with the same status, other than 2xx and 401, answers with that status need no more confirmation. If one
 * of them was ever answered differently the second time, each is confirmed.
 */
const confirmations = 3;
/**
 * After this many calls in a row without any answer the product is given up: an unreachable host must not cost a timeout per call. The first
 * time, the last call that was accepted is sent again: if it is answered, a firewall drops what these calls have in common, and the rest is asked.
 */
const patience = 5;

/** Asks one product: at its pace, repeating what must be repeated, until it has to be given up. */
export function createAsker({ client, pace, pauseMs = 1000, wait = sleep }: AskerOptions): Asker {
  const sent: Exchange[] = [];
  const tally = { requests: 0, wrongKeys: 0, calls: 0, askedAgain: 0 };
  let givenUp: Cause | undefined;
  let silentInARow = 0;
  let lastAccepted: Call | undefined;
  let trying: Promise<boolean> | undefined;
  /** How often an answer with this status was confirmed; minus infinity once a confirmation failed. */
  const confirmed = new Map<number, number>();
  const isKnown = (status: number): boolean => (confirmed.get(status) ?? 0) >= confirmations;

  /** Undefined if the product was given up before it was the call's turn. */
  const send = (over: Pick<Client, 'send'>, call: Call, ahead: boolean): Promise<Exchange | undefined> =>
    pace.turn(
      async () => {
        if (givenUp !== undefined) return undefined;
        tally.requests += 1;
        if (call.credentials.wrongKey) tally.wrongKeys += 1;
        const exchange = await over.send({
          method: call.method,
          path: pathOf(call),
          authorization: call.credentials.header,
          credentials: call.credentials.label,
          ...(call.headers === undefined ? {} : { headers: call.headers }),
          declared: call.operation.answeredAfterAuthentication,
          ...(call.method === 'GET' || call.method === 'HEAD' ? {} : { body: '{}' }),
        });
        sent.push(exchange);
        return exchange;
      },
      ahead,
      () => givenUp === undefined,
    );

  const note = (exchanges: readonly Exchange[]): void => {
    const exchange = last(exchanges);
    const outcome = classify(exchange);
    if (outcome.kind !== 'unusable') return;
    const throttled =
      exchanges.length > 1 && exchanges.slice(-2).every((each) => classify(each).kind === 'unusable' && statusOf(each) === 429);
    if (outcome.cause === 'locked-out' || throttled) givenUp ??= outcome.cause;
  };

  const stillAnswers = async (): Promise<boolean> => {
    const exchange = lastAccepted === undefined ? undefined : await send(client, lastAccepted, true);
    return exchange !== undefined && exchange.answer.kind !== 'silence';
  };

  const askOver = async (over: Pick<Client, 'send'>, call: Call, { next = false, hasty = false }: AskOptions = {}): Promise<Trial> => {
    const exchanges: Exchange[] = [];
    let wasCutOff = false;
    const ask = async (ahead: boolean): Promise<void> => {
      const exchange = await send(over, call, ahead);
      if (exchange === undefined) wasCutOff = true;
      else {
        exchanges.push(exchange);
        note(exchanges);
      }
    };
    await ask(next);
    if (exchanges.length === 0) return { exchanges, outcome: { kind: 'unasked', cause: givenUp ?? 'unstable' } };
    tally.calls += 1;
    if (mayRepeat(call)) {
      if (wasClosedEarly(last(exchanges))) await ask(true);
      const answered = classify(last(exchanges));
      if (answered.kind === 'other' && !isKnown(answered.status)) {
        await ask(true);
        if (!wasCutOff) {
          // An answer that differs from the first is as unusable as none.
          const stands = settle(exchanges).kind !== 'unusable';
          if (!stands) tally.askedAgain += 1;
          confirmed.set(answered.status, stands ? (confirmed.get(answered.status) ?? 0) + 1 : Number.NEGATIVE_INFINITY);
        }
      }
      if (answered.kind === 'unusable' && answered.cause !== 'locked-out' && answered.cause !== 'challenge' && !wasCutOff) {
        tally.askedAgain += 1;
        if (!hasty || statusOf(last(exchanges)) === 429) {
          await wait(pauseFor(last(exchanges), pauseMs));
          await ask(true);
        }
      }
    }
    const { answer } = last(exchanges);
    silentInARow = answer.kind === 'silence' ? silentInARow + 1 : 0;
    const outcome = settle(exchanges);
    if (outcome.kind === 'accepted' && mayRepeat(call)) lastAccepted = call;
    if (answer.kind === 'silence' && silentInARow >= patience) {
      trying ??= stillAnswers();
      if (await trying) {
        silentInARow = 0;
        // Only once. Calls that wait for the same try still get its result.
        trying = Promise.resolve(false);
      } else givenUp ??= answer.cause;
    }
    // An answer that could no longer be confirmed does not count.
    if (wasCutOff && outcome.kind === 'other') return { exchanges, outcome: { kind: 'unusable', cause: givenUp ?? 'unstable' } };
    return { exchanges, outcome };
  };

  return {
    ask: (call, how) => askOver(client, call, how),
    async once(call) {
      const exchange = await send(client, call, false);
      return exchange === undefined
        ? { exchanges: [], outcome: { kind: 'unasked', cause: givenUp ?? 'unstable' } }
        : { exchanges: [exchange], outcome: classify(exchange) };
    },
    pinned() {
      const over = client.pinned();
      return { ask: (call, how) => askOver(over, call, how), isOpen: over.isOpen, closeIdle: over.closeIdle };
    },
    giveUp(cause) {
      givenUp ??= cause;
    },
    get givenUp() {
      return givenUp;
    },
    tally,
    exchanges: sent,
    room: client.room,
    closeIdle: client.closeIdle,
    close: client.close,
  };
}

/** A call that may change something is sent only once (RFC 9110 section 9.2.1). */
const mayRepeat = ({ method, operation }: Call): boolean => method === 'HEAD' || (method === 'GET' && !operation.sideEffects);

const last = (exchanges: readonly Exchange[]): Exchange => exchanges[exchanges.length - 1] as Exchange;

/** The wait that a 429 asks for in `Retry-After`, in seconds or as a date (RFC 9110 section 10.2.3), bounded; otherwise the usual pause. In ms. */
function pauseFor({ answer }: Exchange, otherwise: number): number {
  const value = answer.kind === 'response' && answer.status === 429 ? headerOf(answer, 'retry-after') : undefined;
  if (value === undefined) return otherwise;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestWait) : otherwise;
}
