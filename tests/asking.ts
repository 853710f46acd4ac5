/**
 * Asks the three histories of each product, once, in their order, whatever asks for them and how often. This runs in one process beside
 * the workers, which come and go with failing tests.
 */
import { version } from '../package.json';
import { type Client, createClient, isLoopback } from '../src/exchange/index.ts';
import { createAsker, createPace, type Pace } from '../src/history/index.ts';
import { type Change, type Host, startHost } from '../src/host/index.ts';
import type { Life } from '../src/reset/index.ts';
import { createVault, Secret, type Vault } from '../src/secret/index.ts';
import { loadProducts, type ProductId, productIds } from '../src/spec/index.ts';
import type { Configuration } from '../src/target/index.ts';
import { type AcceptedHistory, accepted } from './histories/accepted.ts';
import { estimate, gentlePerSecond } from './histories/estimate.ts';
import { hasFlaps } from './histories/flaps.ts';
import { type Account, life } from './histories/life.ts';
import { type RefusedHistory, refused } from './histories/refused.ts';
import { neverIssued, type Subject } from './histories/subject.ts';
import { type HistoryKind, historiesFor, type Recorded } from './judges/index.ts';
import type { Estimate, Selected } from './telling.ts';

/** Calls open at once, off loopback and on it. */
const gentleAtOnce = 3;
const atOnce = 10;

export interface Asking {
  readonly kind: Configuration['kind'];
  readonly seed: number;
  /** Base URLs of what is tested. */
  readonly products: Readonly<Partial<Record<ProductId, string>>>;
  readonly subjects: readonly Subject[];
  /** What was recorded of a product; asks what has not been asked yet. */
  recorded(product: ProductId, kinds: ReadonlySet<HistoryKind>): Promise<Recorded>;
  /** Forgets what was asked, for another run against the same target. */
  forget(): void;
  /** Starts to ask what these need, without waiting for it; says how much that is. */
  begin(selected: readonly Selected[]): Estimate;
  tally(): { readonly requests: number; readonly wrongKeys: number };
  close(): Promise<void>;
}

export interface AskingOptions {
  /** The embedded host with one promise broken. */
  readonly behaviour?: Change;
  /** Is told each key that the embedded host makes. */
  readonly onKey?: (raw: string) => void;
  /** Pause before an unusable answer is asked again, in ms. */
  readonly pauseMs?: number;
}

export async function openAsking(configuration: Configuration, options: AskingOptions = {}): Promise<Asking> {
  const specs = loadProducts();
  const seed = configuration.seed ?? Math.floor(Math.random() * 2 ** 31);
  const now = (): number => performance.now();
  const vault = createVault();
  const host =
    configuration.kind === 'embedded'
      ? await startHost({ products: specs, ...(options.behaviour ? { behaviour: options.behaviour } : {}) })
      : undefined;
  const account = host?.openAccount();
  const key = account === undefined ? (configuration.key as Secret) : new Secret(account.key);
  const oldKey = account === undefined ? configuration.oldKey : new Secret(account.formerKey);
  for (const secret of [key, oldKey]) if (secret !== undefined) vault.add(secret);
  for (const raw of account === undefined ? [] : [account.key, account.formerKey]) options.onKey?.(raw);

  const paces = new Map<string, Pace>();
  const clients: Client[] = [];
  const subjects = targetsOf(configuration, host).map(({ id, base }): Subject => {
    const gentle = !isLoopback(base.hostname);
    const pace =
      paces.get(base.host) ??
      createPace(
        gentle
          ? { perSecond: configuration.perSecond ?? gentlePerSecond, atOnce: gentleAtOnce }
          : { perSecond: configuration.perSecond, atOnce },
      );
    paces.set(base.host, pace);
    const client = createClient({
      base,
      timeoutMs: configuration.timeoutMs,
      guard: vault,
      userAgent: `activeprospect-conformance/${version}`,
      now,
    });
    clients.push(client);
    return {
      spec: specs[id],
      asker: createAsker({ client, pace, ...(options.pauseMs === undefined ? {} : { pauseMs: options.pauseMs }) }),
      keys: { key, otherKey: neverIssued(key, seed), ...(oldKey === undefined ? {} : { oldKey }) },
      seed,
      embedded: host !== undefined,
      gentle,
      unsafeMethods: configuration.unsafeMethods,
      ids: configuration.certificateId === undefined || id !== 'trustedform' ? {} : { cert_id: configuration.certificateId },
    };
  });

  const asked = new Map<ProductId, AskedProduct>();
  const askedOf = (product: ProductId): AskedProduct => {
    const known =
      asked.get(product) ??
      askProduct(
        subjects,
        product,
        (each) => askedOf(each).accepted(),
        host === undefined ? undefined : () => lifeAccount(host, vault, options.onKey),
        now,
      );
    asked.set(product, known);
    return known;
  };
  const recorded: Asking['recorded'] = async (product, kinds) => {
    const of = askedOf(product);
    const first = of.accepted();
    // Begun in their order, whoever waits for which.
    const second = kinds.has('refused') ? of.refused() : undefined;
    const third = kinds.has('life') ? of.life() : undefined;
    return { first: await first, second: await second, life: await third, documented: specs[product].failure };
  };
  return {
    kind: configuration.kind,
    seed,
    products: Object.fromEntries(targetsOf(configuration, host).map(({ id, base }) => [id, base.href.replace(/\/$/, '')])),
    subjects,
    recorded,
    forget() {
      asked.clear();
      for (const { asker } of subjects) asker.startAgain();
    },
    begin(selected) {
      const kindsOf = (id: ProductId): ReadonlySet<HistoryKind> =>
        historiesFor(selected.flatMap(({ requirement, product }) => (product === id || product === 'account' ? [requirement] : [])));
      const needed = subjects.map((subject) => ({ subject, kinds: kindsOf(subject.spec.id) })).filter(({ kinds }) => kinds.size > 0);
      for (const { subject, kinds } of needed) void recorded(subject.spec.id, kinds);
      return estimate(needed, configuration.perSecond);
    },
    tally: () => ({
      requests: subjects.reduce((sum, { asker }) => sum + asker.tally.requests, 0),
      wrongKeys: subjects.reduce((sum, { asker }) => sum + asker.tally.wrongKeys, 0),
    }),
    async close() {
      await Promise.all([...clients.map((each) => each.close()), host?.close()]);
    },
  };
}

const targetsOf = (configuration: Configuration, host: Host | undefined): readonly { readonly id: ProductId; readonly base: URL }[] =>
  host === undefined
    ? configuration.products.map(({ id, base }) => ({ id, base: base === 'live' ? new URL(loadProducts()[id].server) : base }))
    : productIds.map((id) => ({ id, base: new URL(host.urls[id]) }));

function lifeAccount(host: Host, vault: Vault, onKey: AskingOptions['onKey']): Account {
  const { id, key } = host.openAccount();
  const secret = (raw: string): Secret => {
    onKey?.(raw);
    const made = new Secret(raw);
    vault.add(made);
    return made;
  };
  return { key: secret(key), reset: async () => secret(host.reset(id)), login: async (product) => host.login(id, product) };
}

/** A key's life is worth looking at where the key is accepted, every time. */
const canLive = (history: AcceptedHistory): boolean =>
  history.control !== undefined && history.givenUp === undefined && !history.unstable && !hasFlaps(history);

interface AskedProduct {
  accepted(): Promise<AcceptedHistory>;
  refused(): Promise<RefusedHistory | undefined>;
  life(): Promise<Life | undefined>;
}

/** Each history waits for those before it that have been asked for. */
function askProduct(
  subjects: readonly Subject[],
  product: ProductId,
  acceptedOf: (product: ProductId) => Promise<AcceptedHistory>,
  openAccount: (() => Account) | undefined,
  now: () => number,
): AskedProduct {
  const subject = subjects.find(({ spec }) => spec.id === product) as Subject;
  const others = subjects.filter((each) => each !== subject);
  const once = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
    let answer: Promise<T> | undefined;
    return () => {
      answer ??= ask();
      return answer;
    };
  };
  let secondBegun: Promise<unknown> | undefined;
  const first = once(() => accepted(subject));
  return {
    accepted: first,
    refused: once(async () => {
      const asking = first().then((history) => refused(subject, history));
      secondBegun = asking;
      return asking;
    }),
    life: once(async () => {
      const history = await first();
      await secondBegun;
      if (openAccount === undefined || !canLive(history)) return undefined;
      const bystanders = await Promise.all(others.map(async (each) => ({ subject: each, first: await acceptedOf(each.spec.id) })));
      return life(
        { subject, first: history },
        bystanders.filter((each) => canLive(each.first)),
        openAccount(),
        now,
      );
    }),
  };
}
