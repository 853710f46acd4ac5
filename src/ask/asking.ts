/**
 * Asks the three histories of each product, each once and in order, no matter who requests them and how often. This runs in one process
 * outside Playwright's workers, which are restarted when a test fails unexpectedly.
 */
import { version } from '../../package.json';
import type { Configuration } from '../configuration/configuration.ts';
import type { Change } from '../host/behavior.ts';
import { type Host, startHost } from '../host/host.ts';
import { createClient } from '../http/client.ts';
import { type Connections, createConnections } from '../http/connections.ts';
import { Secret } from '../keys/secret.ts';
import { createVault, type Vault } from '../keys/vault.ts';
import { isLoopback } from '../loopback.ts';
import type { HistoryKind, Recording } from '../recording/recording.ts';
import { loadProduct, loadProducts } from '../specifications/load.ts';
import { ofProduct, type ProductId, productIds } from '../specifications/model.ts';
import { createAsker } from './asker.ts';
import { loginBy, resetBy } from './commands.ts';
import { type Estimate, estimate, gentlePerSecond } from './estimate.ts';
import { type Accounts, historiesInOrder } from './order.ts';
import { createPace, type Pace } from './pace.ts';
import type { Account } from './recorder.ts';
import { neverIssued, type Subject } from './subject.ts';

/** Calls open at once, off loopback and on it. */
const gentleAtOnce = 3;
const atOnce = 10;

/** The histories that a product needs. */
export type Needs = (product: ProductId) => ReadonlySet<HistoryKind>;

export interface Asking {
  readonly kind: Configuration['kind'];
  readonly seed: number;
  /** The base URL of each product under test. */
  readonly products: Readonly<Record<ProductId, string>>;
  readonly subjects: readonly Subject[];
  /** `account`: one account is reset for all products, which share its reset. */
  readonly resetOf: 'product' | 'account';
  /** The recording of a product. Histories that have not been asked yet are asked first. */
  recorded(product: ProductId, kinds: ReadonlySet<HistoryKind>): Promise<Recording>;
  /** What asking the histories that each product needs will send. */
  estimate(needs: Needs): Estimate;
  /** The key of the user's account has changed during the run. */
  keyChanged(): boolean;
  tally(): { readonly requests: number; readonly wrongKeys: number };
  /** Sends no more calls. What has been asked is complete at once, with calls that were not sent. */
  stop(): void;
  /** Stops, and closes the connections and the embedded host. */
  close(): Promise<void>;
}

export interface AskingOptions {
  /** The embedded host with one promise broken. */
  readonly behavior?: Change;
  /** Called with each key that becomes known during the run. */
  readonly onKey?: (key: Secret) => void;
  /** Whether every report contains this word, so that it cannot be a new key. */
  readonly isCommon?: (key: Secret) => boolean;
  /** Resets the key of the user's own host by the configured commands. */
  readonly reset?: boolean;
  /** The environment of these commands, without keys. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Time between the login and the last calls of a reset, in ms. */
  readonly settlingMs?: number;
  /** Pause before a call with an unusable answer is repeated, in ms. */
  readonly pauseMs?: number;
}

/**
 * Opens everything that a run asks: its hosts (the embedded one is started), their connections, keys and accounts. Sends nothing yet.
 * @throws SpecError for a mistake in `specs/`; Error if the environment names an invalid proxy.
 */
export async function openAsking(configuration: Configuration, options: AskingOptions = {}): Promise<Asking> {
  const specs = loadProducts();
  const seed = configuration.seed ?? Math.floor(Math.random() * 2 ** 31);
  const now = (): number => performance.now();
  const vault = createVault();
  const host =
    configuration.kind === 'embedded'
      ? await startHost({ products: specs, ...(options.behavior ? { behavior: options.behavior } : {}) })
      : undefined;
  const account = host?.openAccount();
  const key = account === undefined ? (configuration.key as Secret) : new Secret(account.key);
  const oldKey = account === undefined ? configuration.oldKey : new Secret(account.formerKey);
  for (const secret of [key, oldKey]) {
    if (secret !== undefined) vault.add(secret);
    if (secret !== undefined && account !== undefined) options.onKey?.(secret);
  }

  /** Connections and pace are per host, even if it serves several products. */
  const hosts = new Map<string, { readonly connections: Connections; readonly pace: Pace }>();
  const reach = (base: URL): { readonly connections: Connections; readonly pace: Pace } => {
    const known = hosts.get(base.origin);
    if (known !== undefined) return known;
    const connections = createConnections({ base, timeoutMs: configuration.timeoutMs, now });
    const limits = isLoopback(base.hostname)
      ? { perSecond: configuration.perSecond, atOnce }
      : { perSecond: configuration.perSecond ?? gentlePerSecond, atOnce: gentleAtOnce };
    const reached = { connections, pace: createPace({ ...limits, capacity: connections.capacity }) };
    hosts.set(base.origin, reached);
    return reached;
  };
  const targets = targetsOf(configuration, host);
  const subjects = targets.map(({ id, base }): Subject => {
    const { connections, pace } = reach(base);
    const client = createClient({
      base,
      connections,
      timeoutMs: configuration.timeoutMs,
      guard: vault,
      userAgent: `activeprospect-conformance/${version}`,
      now,
    });
    return {
      spec: ofProduct(specs, id),
      asker: createAsker({ client, pace, ...(options.pauseMs === undefined ? {} : { pauseMs: options.pauseMs }) }),
      keys: { key, otherKey: neverIssued(key, seed), ...(oldKey === undefined ? {} : { oldKey }) },
      seed,
      embedded: host !== undefined,
      resetsKey: host !== undefined || options.reset === true,
      gentle: !isLoopback(base.hostname),
      unsafeMethods: configuration.unsafeMethods,
      ids: configuration.ids[id] ?? {},
    };
  });

  const clock = { now, ...(options.settlingMs === undefined ? {} : { waitMs: options.settlingMs }) };
  let newest = key;
  const onKey = (each: Secret): void => {
    newest = each;
    options.onKey?.(each);
  };
  const accounts = accountsOf(configuration, host, vault, { ...options, onKey });
  const asked = historiesInOrder(subjects, accounts, clock);
  const stop = (): void => {
    for (const { asker } of subjects) asker.giveUp('no-check');
  };
  const recorded: Asking['recorded'] = async (product, kinds) => {
    const of = asked.get(product);
    if (of === undefined) throw new Error(`${product} is not one of the products under test.`);
    const first = of.accepted();
    // Start the histories in their order, no matter which one is awaited first.
    const second = kinds.has('refused') ? of.refused() : undefined;
    const third = kinds.has('reset') ? of.reset() : undefined;
    const reset = await third;
    const { failure: documented, usernameElsewhere } = ofProduct(specs, product);
    return {
      first: await first,
      second: await second,
      reset,
      holds: [...kinds],
      documented,
      ...(usernameElsewhere === undefined ? {} : { usernameElsewhere }),
    };
  };
  const products = Object.fromEntries(targets.map(({ id, base }) => [id, base.href.replace(/\/$/, '')]));
  return {
    kind: configuration.kind,
    seed,
    products,
    subjects,
    resetOf: accounts?.kind === 'own' ? 'account' : 'product',
    recorded,
    estimate(needs) {
      const needed = withBystanders(subjects, needs, accounts);
      return estimate(
        subjects.flatMap((subject) => {
          const { id } = subject.spec;
          const kinds = needed(id);
          return kinds.size === 0 ? [] : [{ subject, kinds, origin: new URL(ofProduct(products, id)).origin }];
        }),
        configuration.perSecond,
      );
    },
    keyChanged: () => accounts?.kind === 'own' && !newest.equals(key),
    tally: () => ({
      requests: subjects.reduce((sum, { asker }) => sum + asker.tally.requests, 0),
      wrongKeys: subjects.reduce((sum, { asker }) => sum + asker.tally.wrongKeys, 0),
    }),
    stop,
    async close() {
      stop();
      await Promise.all([...[...hosts.values()].map(({ connections }) => connections.close()), host?.close()]);
    },
  };
}

const targetsOf = (configuration: Configuration, host: Host | undefined): readonly { readonly id: ProductId; readonly base: URL }[] =>
  host === undefined
    ? configuration.products.map(({ id, base }) => ({ id, base: base === 'live' ? new URL(loadProduct(id).server) : base }))
    : productIds.map((id) => ({ id, base: new URL(host.urlOf(id)) }));

/** A reset involves all products: on an opened account the others show whether it reaches them, and the user's own account has one key for all. */
function withBystanders(subjects: readonly Subject[], needs: Needs, accounts: Accounts | undefined): Needs {
  if (accounts === undefined || !subjects.some(({ spec: { id }, resetsKey }) => resetsKey && needs(id).has('reset'))) return needs;
  const involved: readonly HistoryKind[] = accounts.kind === 'own' ? ['accepted', 'reset'] : ['accepted'];
  return (product) => new Set([...needs(product), ...involved]);
}

/** The accounts whose key can be reset, and how. Each new key is kept secret from then on. */
function accountsOf(
  { kind, key, commands }: Configuration,
  host: Host | undefined,
  vault: Vault,
  { onKey, isCommon, reset, environment = {} }: AskingOptions,
): Accounts | undefined {
  const kept = (secret: Secret): Secret => {
    onKey?.(secret);
    vault.add(secret);
    return secret;
  };
  if (kind === 'embedded' && host !== undefined) {
    const open = (): Account => {
      const opened = host.openAccount();
      return {
        key: kept(new Secret(opened.key)),
        reset: async () => kept(new Secret(host.reset(opened.id))),
        login: async (product) => host.login(opened.id, product),
      };
    };
    return { kind: 'opened', open };
  }
  if (reset !== true || commands === undefined || key === undefined) return undefined;
  return {
    kind: 'own',
    account: {
      key,
      reset: async () => kept(await resetBy(commands.reset, key, environment, isCommon)),
      login: (product) => loginBy(commands.login, product, environment),
    },
  };
}
