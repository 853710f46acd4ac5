/**
 * The connections to one host. A call gets a free connection or a new one, until the host shows that it serves only so many at once: a
 * server with one worker per connection (a pre-forking server or a simple mock) accepts one connection too many and lets it wait. From then
 * on no more connections are open than it has served at once, and none stays idle while another waits.
 */
import { buildConnector, Client as Connection, type Dispatcher, Pool, ProxyAgent } from 'undici';
import { isLoopback } from '../loopback.ts';
import type { Exchange } from '../recording/exchange.ts';
import { proxyFor } from './proxy.ts';

export interface Connections {
  readonly isProxied: boolean;
  /** Runs `send` over a connection, as soon as there is one for it. */
  use(send: Send): Promise<Exchange>;
  /** One connection for the calls of one caller. It is reopened if it was closed to make room for others, or by the host. */
  pinned(): Pinned;
  /** How many connections the host serves at once; infinite until it has shown a limit. */
  room(): number;
  /** How many calls may be open now: one more than that while trying whether the host serves more. */
  capacity(): number;
  /** Ends the idle connections that belong to no caller, so that other programs can use what they occupy at the host. */
  closeIdle(): void;
  close(): Promise<void>;
}

export interface Pinned {
  use(send: Send): Promise<Exchange>;
  /** The connection has carried an answer, and has not been closed since. */
  isOpen(): boolean;
  /** Ends the connection; the next call opens another. */
  closeIdle(): void;
}

export type Send = (over: Dispatcher) => Promise<Exchange>;

export interface ConnectionsOptions {
  /** The base URL. */
  readonly base: URL;
  /** For connecting, and for the headers and the body of an answer, in ms. */
  readonly timeoutMs: number;
  /** Now, in ms on the monotonic clock of the run. */
  readonly now: () => number;
}

/** One connection. */
interface Lane {
  readonly dispatcher: Dispatcher;
  readonly owner: object | undefined;
  busy: boolean;
  /** When its last call was sent or answered, whichever was later. */
  since: number;
  /** When the first and the last answer arrived since the connection was opened; undefined if none has. */
  served: { readonly first: number; readonly last: number } | undefined;
  /** How often the connection was closed, by either side. The next call reopens it. */
  closings: number;
  /** Its open call waits until another connection ends. */
  stalled: boolean;
  /** How many other connections were ended so that this one is served, and when the last of them was. */
  yielded: number;
  yieldedAt: number;
}

/** After this time without an answer a connection is assumed to be waiting for a worker. In ms, or relative to the slowest answer. */
const patience = { leastMs: 500, timesSlowest: 3, partOfTimeout: 1 / 5 };
/**
 * After this many answers one connection above the limit is tried, in case the host was only slow, for this many answers. The next trial
 * comes after twice as many.
 */
const trialAnswers = { before: 50, during: 30 };
/** How long a caller keeps its own idle connection, in ms, because it may be about to send its next call. */
const holdMs = 20;

/** @throws Error if the environment names an invalid proxy. */
export function createConnections({ base, timeoutMs, now: onClock }: ConnectionsOptions): Connections {
  const proxy = proxyFor(base, process.env);
  const open = opener(base, timeoutMs, proxy);
  const lanes = new Set<Lane>();
  const waiting: { readonly owner: object | undefined; readonly start: (lane: Lane) => void }[] = [];
  let limit = Number.POSITIVE_INFINITY;
  let mostServed = 1;
  let slowest = 0;
  /** When an answer last arrived on a connection that stayed open. */
  let heldAt = Number.NEGATIVE_INFINITY;
  /** Whether one connection above the limit may be open now, after how many answers that is tried next, and how many there were since. */
  const trial = { isOn: false, after: trialAnswers.before, answers: 0 };
  const isCheapToOpen = isLoopback(base.hostname);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  /** How long this process was too busy to read answers that may have arrived, in ms. For that time no host is blamed. */
  let busyMs = 0;
  const now = (): number => onClock() - busyMs;

  const end = (lane: Lane): void => {
    lanes.delete(lane);
    void lane.dispatcher.destroy(ended);
  };
  /** An idle connection that may be closed to make room: one without a caller if possible, otherwise one that its caller has not just used. */
  const dispensable = (): Lane | undefined => {
    const idle = [...lanes].filter((each) => !each.busy && (each.owner === undefined || now() - each.since >= holdMs));
    return idle.find((each) => each.owner === undefined) ?? idle[0];
  };
  const capacity = (): number => limit + (trial.isOn ? 1 : 0);
  /** Whether another connection may be open. Ends an idle one for it if need be. */
  const makesRoom = (): boolean => {
    if (lanes.size < capacity()) return true;
    const victim = dispensable();
    if (victim !== undefined) end(victim);
    return victim !== undefined;
  };
  const laneFor = (owner: object | undefined): Lane | undefined => {
    const free = [...lanes].find((each) => !each.busy && each.owner === owner);
    if (free !== undefined || !makesRoom()) return free;
    const lane: Lane = {
      dispatcher: open(),
      owner,
      busy: false,
      since: now(),
      served: undefined,
      closings: 0,
      stalled: false,
      yielded: 0,
      yieldedAt: 0,
    };
    if (closed) void lane.dispatcher.destroy(ended);
    lane.dispatcher.on('disconnect', () => {
      lane.served = undefined;
      lane.closings += 1;
    });
    lanes.add(lane);
    return lane;
  };

  const patienceMs = (): number =>
    Math.min(Math.max(patience.leastMs, patience.timesSlowest * slowest), timeoutMs * patience.partOfTimeout);
  /** It has had no answer since it was opened, although another connection has: it waits until another connection ends. */
  const isLeftWaiting = ({ busy, served, since, yielded, yieldedAt }: Lane): boolean =>
    busy && served === undefined && heldAt > since && now() - Math.max(since, yieldedAt) >= patienceMs() * 2 ** yielded;

  /**
   * How many connections were certainly served at once: one got answers before and after another got its first. That a connection is open
   * proves little, because the host may have closed it without our knowing yet.
   */
  const servedAtOnce = (): number => {
    const served = [...lanes].flatMap((each) => each.served ?? []);
    return Math.max(1, ...served.map((one) => served.filter(({ first, last }) => first <= one.first && one.first <= last).length));
  };
  /** Ends idle connections so that waiting ones are served. */
  const relieve = (): void => {
    const left = [...lanes].filter(isLeftWaiting);
    if (left.some((each) => !each.stalled)) {
      mostServed = servedAtOnce();
      limit = mostServed;
      trial.isOn = false;
    }
    for (const each of left) {
      each.stalled = true;
      const idle = dispensable();
      if (idle === undefined) continue;
      each.yielded += 1;
      each.yieldedAt = now();
      end(idle);
    }
  };
  const serveNext = (): void => {
    for (let [next] = waiting; next !== undefined; [next] = waiting) {
      const lane = laneFor(next.owner);
      if (lane === undefined) break;
      waiting.shift();
      lane.busy = true;
      next.start(lane);
    }
    keepLooking();
  };
  /** Checks again while there is a connection without an answer, or a caller without a connection. */
  const keepLooking = (): void => {
    if (timer !== undefined || (waiting.length === 0 && ![...lanes].some((each) => each.busy && each.served === undefined))) return;
    const dueAt = onClock() + holdMs;
    timer = setTimeout(() => {
      timer = undefined;
      const lateMs = onClock() - dueAt;
      if (lateMs > holdMs) busyMs += lateMs;
      relieve();
      serveNext();
    }, holdMs).unref();
  };

  /** Raises the limit if more were served at once, and tries one more from time to time. */
  const adjust = (): void => {
    trial.answers += 1;
    if (mostServed > limit) Object.assign(trial, { isOn: true, answers: 0 });
    else if (trial.isOn && trial.answers >= trialAnswers.during) Object.assign(trial, { isOn: false, answers: 0 });
    else if (!trial.isOn && trial.answers >= trial.after) Object.assign(trial, { isOn: true, after: trial.after * 2, answers: 0 });
    limit = Math.max(limit, mostServed);
  };

  const use = async (owner: object | undefined, send: Send): Promise<Exchange> => {
    const lane = await new Promise<Lane>((start) => {
      waiting.push({ owner, start });
      serveNext();
    });
    const sentAt = now();
    const { closings } = lane;
    lane.since = sentAt;
    keepLooking();
    const exchange = await send(lane.dispatcher);
    lane.busy = false;
    lane.since = now();
    if (exchange.answer.kind === 'silence') end(lane);
    else {
      // Only on a connection that has carried an answer before is it certain that the call did not wait for a worker.
      if (lane.served !== undefined) slowest = Math.max(slowest, lane.since - sentAt);
      // Some answers close the connection, such as those to a HEAD. Then it keeps no other connection waiting.
      if (lane.closings === closings) {
        lane.served = { first: lane.served?.first ?? lane.since, last: lane.since };
        heldAt = lane.since;
      }
      Object.assign(lane, { stalled: false, yielded: 0, yieldedAt: 0 });
      mostServed = Math.max(mostServed, servedAtOnce());
      if (Number.isFinite(limit)) adjust();
      relieve();
      // On a reused connection, a server that writes head and body separately waits for a delayed acknowledgement (RFC 9293 section 3.8.6.3).
      if (limit === 1 && !trial.isOn && isCheapToOpen && owner === undefined && lanes.has(lane)) end(lane);
    }
    serveNext();
    return exchange;
  };

  const closeIdle = (owner: object | undefined): void => {
    for (const each of [...lanes]) if (!each.busy && each.owner === owner) end(each);
  };
  return {
    isProxied: proxy !== undefined,
    use: (send) => use(undefined, send),
    pinned() {
      const owner = {};
      return {
        use: (send) => use(owner, send),
        isOpen: () => [...lanes].some((each) => each.owner === owner && each.served !== undefined),
        closeIdle: () => closeIdle(owner),
      };
    },
    room: () => limit,
    capacity,
    closeIdle: () => closeIdle(undefined),
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.all([...lanes].map(({ dispatcher }) => dispatcher.destroy(ended)));
      lanes.clear();
    },
  };
}

/** The reason for closing our connections. A single object, because Node.js formats the stack of each error that a socket is destroyed with. */
const ended = new Error('closed by the client');

/** In bytes: four times what clients usually take, since long headers are no reason not to judge a host. */
const maxHeaderSize = 64 * 1024;

/** Opens separate connections to a host that share the TLS session cache. */
function opener(base: URL, timeoutMs: number, proxy: URL | undefined): () => Dispatcher {
  // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn it off.
  const tls = { timeout: timeoutMs, rejectUnauthorized: true };
  const shared = { pipelining: 1, headersTimeout: timeoutMs, bodyTimeout: timeoutMs, keepAliveTimeout: 4000, maxHeaderSize };
  if (proxy === undefined) {
    const connect = buildConnector(tls);
    return () => new Connection(base.origin, { ...shared, connect });
  }
  // Through a proxy, an agent with a single connection is used instead: it keeps the tunnel open.
  return () =>
    new ProxyAgent({
      ...shared,
      connect: tls,
      connections: 1,
      uri: proxy.href,
      requestTls: tls,
      proxyTls: tls,
      clientFactory: (origin, each) => new Pool(origin, { ...each, headersTimeout: timeoutMs }),
    });
}
