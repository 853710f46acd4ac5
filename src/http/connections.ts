/**
 * The connections to one host. A call gets one that is free, or a new one, until the host shows that it serves fewer side by side: a server
 * that gives each connection a worker of its own (a pre-forking one, or a simple mock) accepts one connection too many and leaves it
 * waiting. From then on no more are open than it has served side by side, and none is held idle while another waits.
 */
import { buildConnector, Client as Connection, type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { Exchange } from '../recording/exchange.ts';
import { isLoopback } from './loopback.ts';
import { proxyFor } from './proxy.ts';

export interface Connections {
  readonly isProxied: boolean;
  /** Runs `send` over a connection, when there is one for it. */
  use(send: Send): Promise<Exchange>;
  /** One connection for the calls of one caller. It is opened anew where it had to make room for others, or was closed by the host. */
  pinned(): Pinned;
  /** How many connections the host serves side by side; infinite until it has shown that there is a limit. */
  room(): number;
  /** How many calls may be under way now: one more than that where it is tried whether the host serves more. */
  admits(): number;
  /** Ends the connections that are idle and belong to no caller: whatever else calls the host may need what they occupy. */
  rest(): void;
  close(): Promise<void>;
}

export interface Pinned {
  use(send: Send): Promise<Exchange>;
  /** It has been answered on, and is still the connection that it was then. */
  isOpen(): boolean;
  /** Ends the connection; the next call opens another. */
  rest(): void;
}

export type Send = (over: Dispatcher) => Promise<Exchange>;

export interface ConnectionsOptions {
  /** Base URL of what is asked. */
  readonly base: URL;
  /** For a connection, and for headers and body of an answer, in ms. */
  readonly timeoutMs: number;
  /** Now, in ms on the monotonic clock of the run. */
  readonly now: () => number;
}

/** One connection, as long as it may be used. */
interface Lane {
  readonly dispatcher: Dispatcher;
  readonly owner: object | undefined;
  busy: boolean;
  /** When its last call was sent, or was answered, whichever came later. */
  since: number;
  /** When the first and the last answer came since the connection was opened; undefined where none has come. */
  served: { readonly first: number; readonly last: number } | undefined;
  /** How often the connection was closed, by either side; the next call opens it anew. */
  closings: number;
  /** The call under way waits for another connection to end. */
  left: boolean;
  /** Others that were ended so that this one is served, and when the last of them was. */
  yielded: number;
  yieldedAt: number;
}

/** A connection that has no answer yet is taken to wait for its turn after so long, in ms, or after some times the slowest answer. */
const patience = { leastMs: 500, timesSlowest: 3, partOfTimeout: 1 / 5 };
/** After so many answers one more connection than the limit is tried, in case the host was only slow, and for how many; then after twice as many. */
const answersTo = { trial: 50, itsEnd: 30 };
/** A caller that has just been answered may be about to ask again over its own connection: it keeps it for so long, in ms. */
const holdMs = 20;

/** @throws Error where the environment names a proxy that is none. */
export function createConnections({ base, timeoutMs, now }: ConnectionsOptions): Connections {
  const proxy = proxyFor(base, process.env);
  const open = opener(base, timeoutMs, proxy);
  const lanes = new Set<Lane>();
  const waiting: { readonly owner: object | undefined; readonly start: (lane: Lane) => void }[] = [];
  let limit = Number.POSITIVE_INFINITY;
  let mostServed = 1;
  let slowest = 0;
  /** When an answer last came on a connection that stayed open. */
  let heldAt = Number.NEGATIVE_INFINITY;
  /** Whether one more than the limit may be open now, after how many answers that is so next, and how many there were since. */
  const trial = { isOn: false, after: answersTo.trial, answers: 0 };
  const isCheapToOpen = isLoopback(base.hostname);
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const end = (lane: Lane): void => {
    lanes.delete(lane);
    void lane.dispatcher.destroy(ended);
  };
  /** An idle connection that may make room for another: one that belongs to no caller, or else one whose caller has left it alone. */
  const dispensable = (): Lane | undefined => {
    const idle = [...lanes].filter((each) => !each.busy && (each.owner === undefined || now() - each.since >= holdMs));
    return idle.find((each) => each.owner === undefined) ?? idle[0];
  };
  const admits = (): number => limit + (trial.isOn ? 1 : 0);
  const mayOpen = (): boolean => {
    if (lanes.size < admits()) return true;
    const victim = dispensable();
    if (victim !== undefined) end(victim);
    return victim !== undefined;
  };
  const laneFor = (owner: object | undefined): Lane | undefined => {
    const free = [...lanes].find((each) => !each.busy && each.owner === owner);
    if (free !== undefined || !mayOpen()) return free;
    const lane: Lane = {
      dispatcher: open(),
      owner,
      busy: false,
      since: now(),
      served: undefined,
      closings: 0,
      left: false,
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
  /** No answer has come on it since it was opened, although one has come elsewhere: it waits for another to end. */
  const isLeftWaiting = ({ busy, served, since, yielded, yieldedAt }: Lane): boolean =>
    busy && served === undefined && heldAt > since && now() - Math.max(since, yieldedAt) >= patienceMs() * 2 ** yielded;

  /**
   * How many connections were certainly served side by side: one has had an answer before and after another got its first. That one is
   * open says little, since the host may have closed it without our knowing yet.
   */
  const servedAtOnce = (): number => {
    const served = [...lanes].flatMap((each) => each.served ?? []);
    return Math.max(1, ...served.map((one) => served.filter(({ first, last }) => first <= one.first && one.first <= last).length));
  };
  /** Ends connections that are idle for the sake of those that wait. */
  const relieve = (): void => {
    const left = [...lanes].filter(isLeftWaiting);
    if (left.some((each) => !each.left)) {
      mostServed = servedAtOnce();
      limit = mostServed;
      trial.isOn = false;
    }
    for (const each of left) {
      each.left = true;
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
  /** As long as there is a connection without an answer, or a caller without a connection. */
  const keepLooking = (): void => {
    if (timer !== undefined || (waiting.length === 0 && ![...lanes].some((each) => each.busy && each.served === undefined))) return;
    timer = setTimeout(() => {
      timer = undefined;
      relieve();
      serveNext();
    }, holdMs).unref();
  };

  /** Raises the limit where more were served side by side, and tries one more now and then. */
  const adjust = (): void => {
    trial.answers += 1;
    if (mostServed > limit) Object.assign(trial, { isOn: true, answers: 0 });
    else if (trial.isOn && trial.answers >= answersTo.itsEnd) Object.assign(trial, { isOn: false, answers: 0 });
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
      // Only of a connection that had served before is it certain that the call did not wait for its turn.
      if (lane.served !== undefined) slowest = Math.max(slowest, lane.since - sentAt);
      // After some answers, such as one to a HEAD, the connection has been closed by now, and keeps nobody waiting.
      if (lane.closings === closings) {
        lane.served = { first: lane.served?.first ?? lane.since, last: lane.since };
        heldAt = lane.since;
      }
      Object.assign(lane, { left: false, yielded: 0, yieldedAt: 0 });
      mostServed = Math.max(mostServed, servedAtOnce());
      if (Number.isFinite(limit)) adjust();
      relieve();
      // A server that writes head and body apart waits, on a used connection, for an acknowledgement that is late (RFC 9293 section 3.8.6.3).
      if (limit === 1 && !trial.isOn && isCheapToOpen && owner === undefined && lanes.has(lane)) end(lane);
    }
    serveNext();
    return exchange;
  };

  const rest = (owner: object | undefined): void => {
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
        rest: () => rest(owner),
      };
    },
    room: () => limit,
    admits,
    rest: () => rest(undefined),
    async close() {
      closed = true;
      clearTimeout(timer);
      await Promise.all([...lanes].map(({ dispatcher }) => dispatcher.destroy(ended)));
      lanes.clear();
    },
  };
}

/** Why our connections end. One for all: Node.js writes the stack of whatever a socket is destroyed with, and there are hundreds. */
const ended = new Error('closed by the client');

/** Opens connections to a host, each by itself; what TLS remembers of it they share. */
function opener(base: URL, timeoutMs: number, proxy: URL | undefined): () => Dispatcher {
  // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED turns nothing off.
  const tls = { timeout: timeoutMs, rejectUnauthorized: true };
  const shared = { pipelining: 1, headersTimeout: timeoutMs, bodyTimeout: timeoutMs, keepAliveTimeout: 4000 };
  if (proxy === undefined) {
    const connect = buildConnector(tls);
    return () => new Connection(base.origin, { ...shared, connect });
  }
  // Through a proxy an agent with one connection stands in for it: the tunnel is what is kept.
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
