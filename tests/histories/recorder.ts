/** Records a key's life: who was asked with which of its keys, when, and what came; and what happened to the account meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Asker, basic, type Named, named, word } from '../../src/history/index.ts';
import { type KeyIndex, type Moment, neverIssuedKey, type Probe } from '../../src/reset/index.ts';
import type { Secret } from '../../src/secret/index.ts';
import type { Operation, ProductId } from '../../src/spec/index.ts';
import type { AcceptedHistory } from './accepted.ts';
import { callTo, neverIssued, type Subject } from './subject.ts';

/** An account that can be reset and logged in with. */
export interface Account {
  /** The key that all products take at the beginning. */
  readonly key: Secret;
  /** Resets the key at ActiveProspect ID; resolves to the new one when that has been answered. */
  reset(): Promise<Secret>;
  /** Logs in to a product; resolves when that has been answered. */
  login(product: ProductId): Promise<void>;
}

/** A product that accepts its key, and what is known of how it does. */
export interface Living {
  readonly subject: Subject;
  readonly first: AcceptedHistory;
}

export interface How {
  readonly on?: Pick<Asker, 'ask'>;
  readonly operation?: Operation;
  readonly username?: Named;
}

/** Calls with both keys around something that happens. */
export interface Around {
  /** In the order in which they are asked; the other connections ask them the other way round, so that neither is always first. */
  readonly keys: readonly KeyIndex[];
  /** These alone while it happens, and before. */
  readonly meanwhile: readonly KeyIndex[];
  readonly connections: number;
  /** Calls a key on each connection, before it happens and after it has been answered. */
  readonly before: number;
  readonly after: number;
  /** Between two calls on a connection while it happens, in ms. */
  readonly pauseMs: number;
}

export interface Recorder {
  readonly moments: readonly Moment[];
  readonly probes: readonly Probe[];
  ask(living: Living, key: KeyIndex, check: string, how?: How): Promise<void>;
  /** One call a product with each of these keys, and with one that was never issued. */
  table(chapter: string, of: readonly Living[], keys: readonly KeyIndex[]): Promise<void>;
  /** One call a product with each of these keys, which is not for the judge: nobody knows what they must get. */
  look(of: readonly Living[], keys: readonly KeyIndex[]): Promise<readonly Probe[]>;
  reset(): Promise<void>;
  login(product: ProductId): Promise<void>;
  around(chapter: string, living: Living, plan: Around, happens: () => Promise<void>): Promise<void>;
}

export const keyLabel = (key: KeyIndex): string =>
  key === neverIssuedKey ? 'a key that was never issued' : key === 0 ? 'first key' : `key from reset no. ${key}`;

export const controlOf = ({ subject: { spec }, first: { control } }: Living): Operation =>
  spec.operations.find(({ id }) => id === control?.operation) as Operation;

/** `now` is the monotonic clock of the run, in ms. */
export function createRecorder(account: Account, seed: number, now: () => number): Recorder {
  const keys = [account.key];
  const moments: Moment[] = [];
  const probes: Probe[] = [];
  const never = neverIssued(account.key, seed + 1);
  const secretOf = (key: KeyIndex): Secret => (key === neverIssuedKey ? never : (keys[key] as Secret));
  const newest = (): Secret => keys.at(-1) as Secret;

  const probe = async (living: Living, key: KeyIndex, check: string, how: How = {}): Promise<Probe> => {
    const { subject, first } = living;
    const { on = subject.asker, operation = controlOf(living), username = word(first.control?.username ?? 'API') } = how;
    const trial = await on.ask(callTo(subject, operation, basic(username, named(keyLabel(key), secretOf(key)), newest())));
    return { check, product: subject.spec.id, key, place: `${operation.id} ${username.label}`, trial };
  };
  const ask: Recorder['ask'] = async (...asked) => {
    probes.push(await probe(...asked));
  };
  return {
    moments,
    probes,
    ask,
    async table(chapter, of, asked) {
      const cell = (living: Living, key: KeyIndex): Promise<void> =>
        ask(living, key, `${chapter}: ${living.subject.spec.id}, ${keyLabel(key)}`);
      await Promise.all(of.flatMap((living) => [...asked, neverIssuedKey].map((key) => cell(living, key))));
    },
    look: (of, asked) => Promise.all(of.flatMap((living) => asked.map((key) => probe(living, key, 'since then')))),
    async reset() {
      const startedAt = now();
      const key = await account.reset();
      moments.push({ startedAt, endedAt: now(), kind: 'reset', sameKey: key.equals(newest()) });
      keys.push(key);
    },
    async login(product) {
      const startedAt = now();
      const answered = await account.login(product).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      // One that failed may have had its effect, at any time from here on.
      moments.push({ startedAt, endedAt: answered === undefined ? now() : Number.POSITIVE_INFINITY, kind: 'login', product });
      if (answered !== undefined) throw answered.error;
    },
    async around(chapter, living, { keys: asked, meanwhile, connections, before, after, pauseMs }, happens) {
      let state: 'going on' | 'answered' | 'failed' = 'going on';
      let ready = 0;
      let begin = (): void => {};
      const begun = new Promise<void>((resolve) => {
        begin = resolve;
      });
      const round = async (on: Pick<Asker, 'ask'>, index: number, of: readonly KeyIndex[]): Promise<void> => {
        for (const key of index % 2 === 0 ? of : of.toReversed())
          await ask(living, key, `${chapter}: ${connections} connections, ${keyLabel(key)}`, { on });
      };
      const connection = async (_: unknown, index: number): Promise<void> => {
        const on = living.subject.asker.pinned();
        for (let times = 0; times < before; times++) await round(on, index, meanwhile);
        ready += 1;
        if (ready === connections) begin();
        while (state === 'going on') {
          await round(on, index, meanwhile);
          if (state === 'going on') await sleep(pauseMs);
        }
        for (let times = 0; times < after && state === 'answered'; times++) await round(on, index, asked);
        await on.close();
      };
      const act = begun.then(happens).then(
        () => {
          state = 'answered';
        },
        (error: unknown) => {
          state = 'failed';
          throw error;
        },
      );
      const [, happened] = await Promise.allSettled([Promise.all(Array.from({ length: connections }, connection)), act]);
      if (happened.status === 'rejected') throw happened.reason;
    },
  };
}
