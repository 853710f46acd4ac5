/** The one place where requests are written. */
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { Exchange, Response, Silence } from '../evidence/index.ts';
import type { Secret } from '../secret/index.ts';
import { type Connections, createConnections, type Pinned, type Send } from './connections.ts';
import { bodyLimit, Receiver } from './receiver.ts';
import { silenceOf } from './silence.ts';

/** Knows the secrets by value: finds them in what a host gives back, and masks them. */
export interface Guard {
  finds(text: string): boolean;
  mask(text: string): string;
}

export interface Request {
  readonly method: string;
  /** Below the base URL, with its query. */
  readonly path: string;
  /** The value of the Authorization header; undefined sends none. */
  readonly authorization: Secret | undefined;
  /** The credentials as a report names them. */
  readonly credentials: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  /** Members of the JSON body that tell, for a status outside 2xx, that the call was answered after authentication. */
  readonly declared?: readonly { readonly status: number; readonly members: readonly string[] }[];
}

export interface Client extends Pick<Connections, 'room' | 'rest'> {
  send(request: Request): Promise<Exchange>;
  /** Sends over one connection of its own, one request after the other. */
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
  /** Those to the host, where several clients ask it; otherwise they are this client's own. */
  readonly connections?: Connections;
}

/**
 * Redirects are not followed and cookies are not kept, since nothing here does either. A proxy is used for https to hosts off loopback
 * only: in plain http the key would be in the proxy's hands.
 * @throws Error where the environment names a proxy that is none.
 */
export function createClient(options: ClientOptions): Client {
  const connections = options.connections ?? createConnections(options);
  const over = (use: (send: Send) => Promise<Exchange>) => (request: Request) =>
    use((dispatcher) => exchange(dispatcher, request, options, connections.isProxied));
  return {
    send: over(connections.use),
    pinned() {
      const { use, isOpen, rest } = connections.pinned();
      return { send: over(use), isOpen, rest };
    },
    room: connections.room,
    rest: connections.rest,
    close: connections.close,
  };
}

/** A header of ours in the order in which it is sent. `Accept` is asked for by the page's own example. */
const headersOf = (request: Request, userAgent: string): [string, string][] => [
  ['Accept', 'application/json'],
  ['User-Agent', userAgent],
  ...(request.body === undefined ? [] : [['Content-Type', 'application/json'] as [string, string]]),
  ...(request.headers ?? []).map(([name, value]): [string, string] => [name, value]),
];

function exchange(dispatcher: Dispatcher, request: Request, options: ClientOptions, proxied: boolean): Promise<Exchange> {
  const { base, guard, now, timeoutMs, userAgent } = options;
  const path = base.pathname.replace(/\/$/, '') + request.path;
  const headers = headersOf(request, userAgent);
  const authorization = request.authorization?.reveal();
  const sent = authorization === undefined ? headers : [...headers, ['Authorization', authorization]];
  const startedAt = now();
  const handler = new Receiver();

  return new Promise((resolve) => {
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
      done({ kind: 'silence', cause: 'timeout', detail: `no whole answer within ${timeoutMs} ms` });
      handler.abort();
    }, timeoutMs);
    handler.onEnd = () => done(responseOf(handler, request, guard));
    // Once it has been written, it was not the proxy that did not let it through.
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

function responseOf(received: Receiver, request: Request, guard: Guard): Response {
  const headers = received.headers;
  const body = decoded(received.body(), headers).toString('utf8');
  const contentType = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const json = objectIn(body);
  const declared =
    request.declared?.some(({ status, members }) => status === received.status && json && members.every((each) => each in json)) ?? false;
  const members = json === undefined ? [] : Object.keys(json);
  const success = received.status >= 200 && received.status < 300;
  const onlyError = members.length === 1 && members[0] === 'error';
  const html = /^\s*text\/html/i.test(contentType) || /^\s*(<!doctype html|<html)/i.test(body);
  // What an account holds is dropped here; what is kept speaks of failures.
  const kept = (success && !onlyError && !html) || declared ? '' : body;
  return {
    kind: 'response',
    status: received.status,
    reason: guard.mask(received.reason),
    headers: headers.map(([name, value]) => [guard.mask(name), guard.mask(value)]),
    body: guard.mask(kept),
    bodyBytes: kept === '' || received.bytes > bodyLimit ? received.bytes : Buffer.byteLength(kept),
    shape: { html, onlyError, declared, json: jsonKinds[/^\s*([[{])/.exec(body)?.[1] ?? ''] },
    revealsKey: guard.finds([received.reason, ...headers.flat(), body].join('\n')),
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

/** The body after content decoding (RFC 9110 section 8.4); as it came where the coding is unknown or the data are broken. */
function decoded(body: Buffer, headers: readonly (readonly [string, string])[]): Buffer {
  const coding = headers
    .find(([name]) => name.toLowerCase() === 'content-encoding')?.[1]
    .trim()
    .toLowerCase();
  const decode =
    coding === 'gzip' || coding === 'x-gzip'
      ? gunzipSync
      : coding === 'deflate'
        ? inflateSync
        : coding === 'br'
          ? brotliDecompressSync
          : undefined;
  try {
    return decode === undefined ? body : decode(body, { maxOutputLength: bodyLimit });
  } catch {
    return body;
  }
}
