/** Asks a product: sends a call, asks again where the first answer does not stand by itself, keeps pace and count, and knows when to stop. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange } from '../evidence/index.ts';
import { headerOf } from '../evidence/index.ts';
import type { Client } from '../exchange/index.ts';
import type { Cause } from '../verdict/index.ts';
import { type Call, pathOf, type Trial } from './call.ts';
import { classify, settle, wasClosedEarly } from './outcome.ts';
import type { Pace } from './pace.ts';

/** What was sent to a product so far. */
export interface Tally {
  readonly requests: number;
  readonly wrongKeys: number;
  /** Calls, whatever number of requests each took. */
  readonly calls: number;
  /** Calls that were asked again because the first answer was unusable. */
  readonly askedAgain: number;
}

export interface AskerOptions {
  readonly client: Client;
  readonly pace: Pace;
  /** Pause before an unusable answer is asked again, in ms, where the host asks for no other. */
  readonly pauseMs?: number;
}

export interface Asker {
  /** `next`: before all that waits for its turn. Never rejects for anything that a host does. Resolves to `unasked` once the product has been given up. */
  ask(call: Call, when?: 'next'): Promise<Trial>;
  /** The same over one connection of its own, to be closed by the caller. */
  pinned(): { ask(call: Call): Promise<Trial>; close(): Promise<void> };
  /** Asks no more from here on. */
  giveUp(cause: Cause): void;
  /** Why the product was given up, or undefined. */
  readonly givenUp: Cause | undefined;
  readonly tally: Tally;
  /** Forgets all that was, for another run. */
  startAgain(): void;
  close(): Promise<void>;
}

/** A host that asks for more patience than this is asked again after this, in ms. */
const longestWait = 10_000;
/** So many calls in a row without any answer, and the product is given up: a host that is gone must not cost a timeout a call. */
const patience = 5;

export function createAsker({ client, pace, pauseMs = 1000 }: AskerOptions): Asker {
  const tally = { requests: 0, wrongKeys: 0, calls: 0, askedAgain: 0 };
  let givenUp: Cause | undefined;
  let silentInARow = 0;

  const send = (over: Client, call: Call, ahead: boolean): Promise<Exchange> =>
    pace.turn(() => {
      tally.requests += 1;
      if (call.credentials.wrongKey) tally.wrongKeys += 1;
      return over.send({
        method: call.method,
        path: pathOf(call),
        authorization: call.credentials.header,
        credentials: call.credentials.label,
        ...(call.headers === undefined ? {} : { headers: call.headers }),
        declared: call.operation.answeredAfterAuthentication,
        ...(call.method === 'GET' || call.method === 'HEAD' ? {} : { body: '{}' }),
      });
    }, ahead);

  const askOver = async (over: Client, call: Call, ahead: boolean): Promise<Trial> => {
    if (givenUp !== undefined) return { exchanges: [], outcome: { kind: 'unasked', cause: givenUp } };
    tally.calls += 1;
    const exchanges = [await send(over, call, ahead)];
    const again = async (): Promise<void> => {
      exchanges.push(await send(over, call, true));
    };
    if (!call.operation.sideEffects || call.method === 'HEAD') {
      if (wasClosedEarly(last(exchanges))) await again();
      const { answer } = last(exchanges);
      const answered = classify(last(exchanges));
      if (answered.kind === 'other') await again();
      else if (answered.kind === 'unusable' && answered.cause !== 'locked-out' && answered.cause !== 'challenge') {
        tally.askedAgain += 1;
        await sleep(answer.kind === 'response' ? patienceAsked(headerOf(answer, 'retry-after'), pauseMs) : pauseMs);
        await again();
      }
    }
    const outcome = settle(exchanges);
    silentInARow = last(exchanges).answer.kind === 'silence' ? silentInARow + 1 : 0;
    if (outcome.kind === 'unusable' && givenUp === undefined) {
      const { cause } = outcome;
      const locked = cause === 'locked-out' || (cause === 'throttled' && exchanges.length > 1);
      if (locked || silentInARow >= patience) givenUp = cause;
    }
    return { exchanges, outcome };
  };

  return {
    ask: (call, when) => askOver(client, call, when === 'next'),
    pinned() {
      const over = client.pinned();
      return { ask: (call) => askOver(over, call, false), close: () => over.close() };
    },
    giveUp(cause) {
      givenUp ??= cause;
    },
    get givenUp() {
      return givenUp;
    },
    tally,
    startAgain() {
      Object.assign(tally, { requests: 0, wrongKeys: 0, calls: 0, askedAgain: 0 });
      givenUp = undefined;
      silentInARow = 0;
    },
    close: () => client.close(),
  };
}

const last = (exchanges: readonly Exchange[]): Exchange => exchanges[exchanges.length - 1] as Exchange;

/** `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3), bounded; in ms. */
function patienceAsked(value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), longestWait) : otherwise;
}
