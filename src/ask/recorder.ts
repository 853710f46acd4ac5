/** Records a key's reset: which product was called with which key and when, the answers, and what happened to the account meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Secret } from '../keys/secret.ts';
import type { AcceptedHistory } from '../recording/accepted.ts';
import type { Trial } from '../recording/outcome.ts';
import { type KeyIndex, keyLabel, type Moment, type Narrowed, neverIssuedKey, type Probe } from '../recording/reset.ts';
import type { Operation, ProductId } from '../specifications/model.ts';
import type { Asker } from './asker.ts';
import type { Call } from './call.ts';
import { basic, type Named, named, word } from './credentials.ts';
import { callTo, neverIssued, type Subject } from './subject.ts';

/** An account whose key can be reset and that can log in to products. */
export interface Account {
  /** The key that all products accept at the beginning. */
  readonly key: Secret;
  /** Resets the key at ActiveProspect ID. Resolves to the new key once the reset has been answered. */
  reset(): Promise<Secret>;
  /** Logs in to a product. Resolves once the login has been answered. */
  login(product: ProductId): Promise<void>;
}

/** A product that accepts its key, with its first history. */
export interface AcceptingProduct {
  readonly subject: Subject;
  readonly first: AcceptedHistory;
}

/** Where a key is tried. By default with the first call that accepted one, over any connection. */
export interface ProbeOptions {
  readonly on?: Pick<Asker, 'ask'>;
  readonly operation?: Operation;
  readonly method?: Call['method'];
  readonly username?: Named;
  readonly noPositiveControl?: true;
}

/** Calls with both keys before, during and after an event: a reset or a login. */
export interface Around {
  /** In the order in which they are sent. Every second connection reverses the order, so that neither key is always first. */
  readonly keys: readonly KeyIndex[];
  /** Only these keys are tried before and during the event. */
  readonly meanwhile: readonly KeyIndex[];
  readonly connections: number;
  /** Calls per key on each connection before the event. */
  readonly before: number;
  /** At most this many rounds on each connection during the event: the first at once, the next after `pauseMs`, then each pause is four times as long. */
  readonly rounds: number;
  readonly pauseMs: number;
  /** Calls per key on each connection after the event; more if fewer connections could be kept open. */
  readonly after: number;
}

export interface Recorder {
  readonly moments: readonly Moment[];
  readonly probes: readonly Probe[];
  /** Events around which fewer connections than planned could be kept open. */
  readonly narrowed: readonly Narrowed[];
  ask(accepting: AcceptingProduct, key: KeyIndex, check: string, how?: ProbeOptions): Promise<Probe>;
  /** One call per product with each of these keys, and one with a key that was never issued. */
  table(chapter: string, of: readonly AcceptingProduct[], keys: readonly KeyIndex[]): Promise<void>;
  /** One call per product with each of these keys. They are not judged, because no particular answer can be required. */
  look(of: readonly AcceptingProduct[], keys: readonly KeyIndex[]): Promise<readonly Probe[]>;
  reset(): Promise<void>;
  login(product: ProductId): Promise<void>;
  around(chapter: string, accepting: AcceptingProduct, plan: Around, happens: () => Promise<void>): Promise<void>;
}

const controlOf = ({ subject: { spec }, first: { control } }: AcceptingProduct): Operation =>
  spec.operations.find(({ id }) => id === control?.operation) as Operation;

/** `now` is the monotonic clock of the run, in ms. */
export function createRecorder(account: Account, seed: number, now: () => number): Recorder {
  const keys = [account.key];
  const moments: Moment[] = [];
  const probes: Probe[] = [];
  const narrowed: Narrowed[] = [];
  const never = neverIssued(account.key, seed + 1);
  const secretOf = (key: KeyIndex): Secret => (key === neverIssuedKey ? never : (keys[key] as Secret));
  const newest = (): Secret => keys.at(-1) as Secret;

  const probe = async (accepting: AcceptingProduct, key: KeyIndex, check: string, how: ProbeOptions = {}): Promise<Probe> => {
    const { subject, first } = accepting;
    const { on = subject.asker, operation = controlOf(accepting), username = word(first.control?.username ?? 'API') } = how;
    const { method = operation.method } = how;
    const trial = await on.ask(callTo(subject, operation, basic(username, named(keyLabel(key), secretOf(key)), newest()), method));
    const place = `${method} ${operation.path} ${username.label}`;
    return { check, product: subject.spec.id, key, place, ...(how.noPositiveControl ? { noPositiveControl: true } : {}), trial };
  };
  const ask: Recorder['ask'] = async (...asked) => {
    const answered = await probe(...asked);
    probes.push(answered);
    return answered;
  };
  return {
    moments,
    probes,
    narrowed,
    ask,
    async table(chapter, of, asked) {
      const cell = (accepting: AcceptingProduct, key: KeyIndex): Promise<Probe> =>
        ask(accepting, key, `${chapter}: ${accepting.subject.spec.id}, ${keyLabel(key)}`);
      await Promise.all(of.flatMap((accepting) => [...asked, neverIssuedKey].map((key) => cell(accepting, key))));
    },
    look: (of, asked) => Promise.all(of.flatMap((accepting) => asked.map((key) => probe(accepting, key, 'since then')))),
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
      // A failed login may still take effect, at any time from here on.
      moments.push({ startedAt, endedAt: answered === undefined ? now() : Number.POSITIVE_INFINITY, kind: 'login', product });
      if (answered !== undefined) throw answered.error;
    },
    async around(chapter, accepting, plan, happens) {
      const { asker, spec } = accepting.subject;
      const check = (key: KeyIndex): string => `${chapter}, ${keyLabel(key)}`;
      const round = async (on: Pick<Asker, 'ask'>, index: number, of: readonly KeyIndex[]): Promise<readonly Probe[]> => {
        const asked: Probe[] = [];
        for (const key of index % 2 === 0 ? of : of.toReversed()) asked.push(await ask(accepting, key, check(key), { on }));
        return asked;
      };
      const opened = await Promise.all(
        Array.from({ length: plan.connections }, async (_, index) => {
          const on = asker.pinned();
          const asked = [];
          for (let times = 0; times < plan.before; times++) asked.push(...(await round(on, index, plan.meanwhile)));
          return { on, index, answered: asked.some(({ trial }) => isAnswered(trial)) };
        }),
      );
      // The event itself may need one of the connections that the host serves at once. If it serves only one, ours ends after each call.
      const room = asker.room();
      const ready = opened.filter(({ answered }) => answered).sort((one, other) => Number(other.on.isOpen()) - Number(one.on.isOpen()));
      const held = ready.slice(0, Math.max(1, room - 1));
      for (const { on } of opened) if (room === 1 || !held.some((each) => each.on === on)) on.closeIdle();
      if (held.length < plan.connections) narrowed.push({ chapter, product: spec.id, planned: plan.connections, held: held.length });

      const happening = happens();
      let isOver = false;
      const over = happening.then(
        () => {
          isOver = true;
        },
        () => {
          isOver = true;
        },
      );
      const meanwhile = async ({ on, index }: (typeof held)[number]): Promise<void> => {
        for (let times = 0; times < plan.rounds && !isOver; times++) {
          await round(on, index, plan.meanwhile);
          if (room === 1) on.closeIdle();
          if (times < plan.rounds - 1) await Promise.race([sleep(plan.pauseMs * 4 ** times, undefined, { ref: false }), over]);
        }
      };
      const asking = held.map(meanwhile);
      try {
        await happening;
        const after = Math.ceil((plan.connections * plan.after) / Math.max(held.length, 1));
        await Promise.all(
          held.map(async (each, place) => {
            await asking[place];
            for (let times = 0; times < after; times++) {
              await round(each.on, each.index, plan.keys);
              if (room === 1) each.on.closeIdle();
            }
          }),
        );
      } finally {
        await Promise.all(asking);
        for (const { on } of held) on.closeIdle();
      }
    },
  };
}

const isAnswered = ({ outcome }: Trial): boolean => outcome.kind !== 'unusable' && outcome.kind !== 'unasked';
