/** The only place where requests are written. */
import type { Dispatcher } from 'undici';
import type { Secret } from '../keys/secret.ts';
import { type Exchange, headerOf, type Response, type Silence } from '../recording/exchange.ts';
import { bodyOf } from './body.ts';
import { type Connections, createConnections, type Pinned, type Send } from './connections.ts';
import { Receiver } from './receiver.ts';
import { silenceOf } from './silence.ts';

/** Knows the secrets by value: finds and masks them in what a host sends. */
export interface Guard {
  finds(text: string): boolean;
  mask(text: string): string;
}

export interface Request {
  readonly method: string;
  /** Below the base URL, including the query. */
  readonly path: string;
  /** The value of the Authorization header; if undefined, none is sent. */
  readonly authorization: Secret | undefined;
  /** The credentials as reports name them. */
  readonly credentials: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  /** Statuses other than 2xx, with members of the JSON body, that show that the call was answered after authentication. */
  readonly declared?: readonly { readonly status: number; readonly members: readonly string[] }[];
}

export interface Client extends Pick<Connections, 'room' | 'closeIdle'> {
  send(request: Request): Promise<Exchange>;
  /** Sends requests over one connection of its own, one after the other. */
  pinned(): PinnedClient;
  close(): Promise<void>;
}

export interface PinnedClient extends Pick<Client, 'send'>, Omit<Pinned, 'use'> {}

export interface ClientOptions {
  /** Base URL; a path prefix is kept. */
  readonly base: URL;
  /** For the whole exchange, in ms. */
  readonly timeoutMs: number;
  readonly guard: Guard;
  /** The `User-Agent` of every request. */
  readonly userAgent: string;
  /** Now, in ms on the monotonic clock of the run. */
  readonly now: () => number;
  /** Connections that several clients of the same host share. By default the client has its own. */
  readonly connections?: Connections;
}

/**
 * Follows no redirects and keeps no cookies. Uses a proxy only for https to hosts off loopback: over plain http the proxy would see the key.
 * @throws Error if the environment names an invalid proxy.
 */
export function createClient(options: ClientOptions): Client {
  const connections = options.connections ?? createConnections(options);
  const keeping = createKeeping();
  const over = (use: (send: Send) => Promise<Exchange>) => (request: Request) =>
    use((dispatcher) => exchange(request, { ...options, dispatcher, proxied: connections.isProxied, keeping }));
  return {
    send: over(connections.use),
    pinned() {
      const { use, isOpen, closeIdle } = connections.pinned();
      return { send: over(use), isOpen, closeIdle };
    },
    room: connections.room,
    closeIdle: connections.closeIdle,
    close: connections.close,
  };
}

/** Our headers, in the order in which they are sent. `Accept` is in the page's own example. */
const headersOf = (request: Request, userAgent: string): [string, string][] => [
  ['Accept', 'application/json'],
  ['User-Agent', userAgent],
  ...(request.body === undefined ? [] : [['Content-Type', 'application/json'] as [string, string]]),
  ...(request.headers ?? []).map(([name, value]): [string, string] => [name, value]),
];

/** Limits how much is kept of all bodies together. */
interface Keeping {
  /** The beginning of a body that is kept and searched for secrets. */
  of(body: Buffer): Buffer;
}

/** How much of each body is always kept, in bytes. */
const alwaysKept = 4 * 1024;
/** Longer bodies are kept whole until together they take this many bytes, so that a host with long refusals cannot fill the memory. */
const longKept = 2 * 1024 * 1024;

function createKeeping(): Keeping {
  let left = longKept;
  return {
    of(body) {
      if (body.length <= alwaysKept) return body;
      const kept = body.subarray(0, Math.max(alwaysKept, left));
      left -= kept.length === alwaysKept ? 0 : kept.length;
      return kept;
    },
  };
}

interface Exchanging extends ClientOptions {
  readonly dispatcher: Dispatcher;
  readonly proxied: boolean;
  readonly keeping: Keeping;
}

function exchange(request: Request, { dispatcher, proxied, keeping, ...options }: Exchanging): Promise<Exchange> {
  const { base, guard, now, timeoutMs, userAgent } = options;
  const path = base.pathname.replace(/\/$/, '') + request.path;
  const headers = headersOf(request, userAgent);
  const authorization = request.authorization?.reveal();
  const sent = authorization === undefined ? headers : [...headers, ['Authorization', authorization]];
  const startedAt = now();
  const handler = new Receiver();

  return new Promise((resolve, reject) => {
    const done = (answer: Response | Silence): void => {
      clearTimeout(timer);
      resolve({
        startedAt,
        durationMs: now() - startedAt,
        connection: handler.socket?.localPort,
        reusedConnection: handler.reused,
        request: {
          method: request.method,
          url: guard.mask(base.origin + path),
          credentials: guard.mask(request.credentials),
          headers,
          ...(request.body === undefined ? {} : { body: request.body }),
          carriesKeyRun: guard.finds(`${path}\n${authorization ?? ''}`),
        },
        answer,
      });
    };
    const timer = setTimeout(() => {
      done({ kind: 'silence', cause: 'timeout', detail: `no complete answer within ${timeoutMs} ms` });
      handler.abort();
    }, timeoutMs);
    handler.onEnd = () => {
      clearTimeout(timer);
      responseOf(handler, request, guard, keeping).then(done, reject);
    };
    // Once the request was written on a socket, the proxy is not the reason for the error.
    handler.onError = (error) =>
      done({ kind: 'silence', ...silenceOf(error, handler.hasBegun(), proxied && handler.socket === undefined) });
    try {
      dispatcher.dispatch(
        { origin: base.origin, path, method: request.method as Dispatcher.HttpMethod, headers: sent.flat(), body: request.body ?? null },
        handler,
      );
    } catch (error) {
      handler.onError(error);
    }
  });
}

async function responseOf(received: Receiver, request: Request, guard: Guard, keeping: Keeping): Promise<Response> {
  const headers = received.headers;
  const { bytes, length, cut, undecodable } = await bodyOf(received.body(), headerOf({ headers }, 'content-encoding') ?? '');
  const body = bytes.toString('utf8');
  const json = objectIn(body);
  const declared =
    request.declared?.some(({ status, members }) => status === received.status && json && members.every((each) => each in json)) ?? false;
  const members = json === undefined ? [] : Object.keys(json);
  const success = received.status >= 200 && received.status < 300;
  const onlyError = members.length === 1 && members[0] === 'error';
  const html = /^\s*text\/html/i.test(headerOf({ headers }, 'content-type') ?? '') || /^\s*(<!doctype html|<html)/i.test(body);
  // The account's data is dropped here; only bodies that describe failures are kept.
  const isDropped = (success && !onlyError && !html) || declared;
  // A new string: a slice of a long one would keep all of it in memory.
  const looked = keeping.of(bytes).toString('utf8');
  const bodyReveals = guard.finds(looked);
  return {
    kind: 'response',
    status: received.status,
    reason: guard.mask(received.reason),
    headers: headers.map(([name, value]) => [guard.mask(name), guard.mask(value)]),
    body: isDropped ? '' : bodyReveals ? guard.mask(looked) : looked,
    bodyBytes: length,
    ...(cut ? { cut } : {}),
    shape: { html, onlyError, declared, json: jsonKinds[/^\s*([[{])/.exec(body)?.[1] ?? ''], ...(undecodable ? { undecodable } : {}) },
    revealsKey: bodyReveals || guard.finds([received.reason, ...headers.flat()].join('\n')),
  };
}

const jsonKinds: Readonly<Record<string, Response['shape']['json']>> = { '{': 'object', '[': 'array' };

function objectIn(body: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(body)) return undefined;
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
