/**
 * Watches a reset by a person: polls each product until it accepts the new key. It polls with the old key, which is valid until the switch
 * and does no harm. The new key is tried only at the start, when the person has logged in, when the old key has died, and at the end: an
 * early try is a failed login, which may lock the account out or be cached.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Secret } from '../keys/secret.ts';
import type { AcceptedHistory } from '../recording/accepted.ts';
import type { Recording } from '../recording/recording.ts';
import { answerIn, type KeyAnswer, type KeyIndex, type KeyReset, neverIssuedKey, type Probe } from '../recording/reset.ts';
import type { Operation, ProductId } from '../specifications/model.ts';
import type { Asker } from './asker.ts';
import { basic, named, word } from './credentials.ts';
import { callTo, mayBeControl, neverIssued, type Subject } from './subject.ts';

export interface WatchOptions {
  readonly subjects: readonly Subject[];
  /** Undefined if it was skipped. */
  readonly oldKey: Secret | undefined;
  readonly newKey: Secret;
  /** How long to wait for logins, in ms. */
  readonly waitMs: number;
  /** Monotonic, in ms. The times in `earlier` and `loggedIn` are on the same clock. */
  readonly now: () => number;
  readonly earlier: readonly Probe[];
  readonly loggedIn: Readonly<Record<ProductId, number>>;
  /** Called after every probe, reported login and planned wait. */
  readonly onChange: () => void;
  /** The polling interval in ms: the first one, and the longest. */
  readonly everyMs?: { readonly first: number; readonly most: number };
}

export interface Watched {
  readonly product: ProductId;
  readonly title: string;
  readonly old: KeyAnswer | undefined;
  readonly new: KeyAnswer | undefined;
  readonly switched: boolean;
  /** When the person reported the login. */
  readonly saidAt: number | undefined;
  /** When it is polled next; undefined during a poll and when polling has ended. */
  readonly nextAt: number | undefined;
  readonly over: boolean;
}

export interface Watch {
  readonly products: readonly Watched[];
  readonly probes: readonly Probe[];
  /** Reports that the person has logged in to this product. */
  said(product: ProductId): void;
  /** Ends the waiting. Each product is called one last time. */
  stop(): void;
  readonly resets: Promise<readonly KeyReset[]>;
}

const usualMs = { first: 3000, most: 15_000 };
const slower = 1.5;
/** Of a timer of Node.js, in ms: a longer one would fire at once. */
const longestTimer = 2 ** 31 - 1;
/** How many operations are tried to find one that accepts a key: the first may not be in the plan. */
const tried = 3;
/** After the switch both keys are tried on this many connections, this often, so that a stale node is not missed. */
const connections = 5;
const rounds = 2;

/** Starts to poll each product with both keys, until all have switched, the time is up, or it is stopped. Nothing a host does makes it reject. */
export function watch(options: WatchOptions): Watch {
  const { subjects, oldKey, newKey, waitMs, now, earlier, loggedIn, onChange, everyMs = usualMs } = options;
  const startedAt = Math.min(now(), ...earlier.map(({ trial }) => trial.exchanges[0]?.startedAt ?? now()));
  const endsAt = now() + waitMs;
  const probes: Probe[] = [...earlier];
  const said = new Map(Object.entries(loggedIn) as [ProductId, number][]);
  const next = new Map<ProductId, number>();
  const over = new Set<ProductId>();
  let stopped = false;
  const wakers = new Map<ProductId, () => void>();
  const isOver = (): boolean => stopped || now() >= endsAt;

  const lastOf = (product: ProductId, key: KeyIndex): KeyAnswer | undefined =>
    answerIn(probes.findLast((each) => each.product === product && each.key === key));
  const isSwitched = (product: ProductId): boolean => {
    const old = lastOf(product, 0);
    return lastOf(product, 1)?.answer === 'accepted' && (oldKey === undefined || old?.answer === 'refused' || old?.answer === 'neither');
  };

  const ask = async (subject: Subject, operation: Operation, key: KeyIndex, check: string, on: Pick<Asker, 'ask'> = subject.asker) => {
    const secret = key === 0 ? oldKey : key === 1 ? newKey : neverIssued(newKey, subject.seed);
    const label = key === 0 ? 'old key' : key === 1 ? 'new key' : 'a key that was never issued';
    if (secret === undefined) return;
    const trial = await on.ask(callTo(subject, operation, basic(word('API'), named(label, secret), newKey)));
    // After `stop`, calls that were not sent are not recorded.
    if (stopped && trial.outcome.kind === 'unasked') return;
    probes.push({ check: `${check}: ${label}`, product: subject.spec.id, key, place: `${operation.id} API`, trial });
    onChange();
  };
  /** The first operation that accepts one of the keys; otherwise the very first operation. */
  const controlOf = async (subject: Subject): Promise<Operation | undefined> => {
    const candidates = subject.spec.operations.filter((each) => mayBeControl(each, subject)).slice(0, tried);
    for (const operation of candidates)
      for (const key of [0, 1]) {
        await ask(subject, operation, key, 'at the start');
        if (lastOf(subject.spec.id, key)?.answer === 'accepted') return operation;
      }
    return candidates[0];
  };
  const pause = async (product: ProductId, ms: number): Promise<void> => {
    next.set(product, now() + ms);
    onChange();
    const waking = new AbortController();
    wakers.set(product, () => waking.abort());
    await sleep(Math.max(0, Math.min(ms, endsAt - now(), longestTimer)), undefined, { signal: waking.signal }).catch(() => {});
    next.delete(product);
  };

  const look = async (subject: Subject): Promise<void> => {
    const { id } = subject.spec;
    const control = await controlOf(subject);
    if (control === undefined) return;
    let heard = said.get(id);
    await ask(subject, control, lastOf(id, 0)?.answer === 'accepted' ? 1 : 0, 'at the start');
    let every = everyMs.first;
    while (!isSwitched(id) && !isOver() && subject.asker.givenUp === undefined) {
      // Without the old key there is nothing to poll until the person reports a login, perhaps while the last call is on its way.
      if (said.get(id) === heard) await pause(id, oldKey === undefined ? Number.MAX_SAFE_INTEGER : every);
      every = Math.min(every * slower, everyMs.most);
      const before = lastOf(id, 0)?.answer;
      const saidBefore = said.get(id);
      await ask(subject, control, 0, 'while waiting');
      const died = before === 'accepted' && lastOf(id, 0)?.answer !== 'accepted';
      if (died || saidBefore !== heard) await ask(subject, control, 1, died ? 'when the old key had died' : 'after the login');
      heard = saidBefore;
    }
    if (!isSwitched(id)) {
      await ask(subject, control, 1, 'at the end');
      // The switch may have gone unnoticed, or the product accepts both keys.
      if (lastOf(id, 1)?.answer === 'accepted') await ask(subject, control, 0, 'at the end');
    }
    if (isSwitched(id)) await confirm(subject, control);
  };
  const confirm = async (subject: Subject, control: Operation): Promise<void> => {
    await ask(subject, control, neverIssuedKey, 'after the switch');
    const others = subject.spec.operations.filter((each) => each !== control && mayBeControl(each, subject));
    await Promise.all([
      ...Array.from({ length: connections }, async () => {
        const on = subject.asker.pinned();
        for (let round = 0; round < rounds; round++) for (const key of [0, 1]) await ask(subject, control, key, 'after the switch', on);
        on.closeIdle();
      }),
      // The old key must be refused everywhere. What the new key may call depends on the plan.
      ...others.map((operation) => ask(subject, operation, 0, `after the switch, ${operation.id}`)),
    ]);
  };

  const resets = Promise.all(
    subjects.map(async (subject): Promise<void> => {
      await look(subject);
      over.add(subject.spec.id);
      onChange();
    }),
  ).then(() =>
    subjects.map(({ spec: { id } }): KeyReset => {
      const reset = { kind: 'reset', startedAt: startedAt - 2, endedAt: startedAt - 1, sameKey: false } as const;
      const login = { kind: 'login', product: id, startedAt: startedAt - 1, endedAt: said.get(id) ?? Number.POSITIVE_INFINITY } as const;
      return {
        product: id,
        moments: [reset, login],
        probes: probes.filter((each) => each.product === id),
        narrowed: [],
        least: { before: 0, after: 2 },
      };
    }),
  );

  return {
    get products() {
      return subjects.map(
        ({ spec: { id, title } }): Watched => ({
          product: id,
          title,
          old: lastOf(id, 0),
          new: lastOf(id, 1),
          switched: isSwitched(id),
          saidAt: said.get(id),
          nextAt: next.get(id),
          over: over.has(id),
        }),
      );
    },
    probes,
    said(product) {
      said.set(product, now());
      wakers.get(product)?.();
      onChange();
    },
    stop() {
      stopped = true;
      for (const wake of wakers.values()) wake();
    },
    resets,
  };
}

/** The watched resets as recordings that hold nothing but the reset. */
export function recordingsOf(
  resets: readonly KeyReset[],
  { subjects, oldKey }: Pick<WatchOptions, 'subjects' | 'oldKey'>,
): readonly Recording[] {
  return subjects.flatMap(({ spec: { id, failure } }): readonly Recording[] => {
    const reset = resets.find(({ product }) => product === id);
    if (reset === undefined) return [];
    const first: AcceptedHistory = {
      product: id,
      control: undefined,
      search: [],
      rows: [],
      unstable: false,
      givenUp: undefined,
      needsId: false,
      publicOperations: 0,
      hasOldKey: oldKey !== undefined,
      resetsKey: true,
    };
    return [{ first, second: undefined, reset, holds: ['reset'], documented: failure }];
  });
}
