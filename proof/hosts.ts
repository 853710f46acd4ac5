/** Hosts of a user's own, written for the proof. A host's folder is its expected verdict: `conforms/` or `inconclusive/`. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { basename, join } from 'node:path';
import type { Cause } from '../src/recording/causes.ts';

export interface Serving {
  readonly url: string;
  close(): Promise<unknown>;
}

export interface KnownHost {
  /** How a real server could end up this way. */
  readonly why: string;
  /** Serves LeadConduit on loopback, for an account with this key. Undefined if a server that it needs is not installed. */
  readonly start: (key: string) => Promise<Serving | undefined>;
  /** The expected cause for a host in `inconclusive/`. Only those in `also` may be found besides. */
  readonly cause?: Cause;
  /** Causes that are just as true; which one is found depends on timing. */
  readonly also?: readonly Cause[];
  /** Text that the message must contain because the user needs it. */
  readonly names?: string;
  /** Requirements, by id, that few hosts can be judged on. On this host they must conform. */
  readonly judged?: readonly string[];
  /** What the user sets in addition to LeadConduit's URL and the key. */
  readonly settings?: (url: string) => Readonly<Record<string, string>>;
}

/** Hosts by name. */
export const hosts = (table: Readonly<Record<string, KnownHost>>): Readonly<Record<string, KnownHost>> => table;

/** All hosts of a folder, by `<file>/<name>`. */
export function hostsIn(folder: 'conforms' | 'inconclusive'): readonly (readonly [id: string, host: KnownHost])[] {
  return readdirSync(join(__dirname, folder))
    .sort()
    .flatMap((file) => {
      const { default: table } = require(join(__dirname, folder, file)) as { default: ReturnType<typeof hosts> };
      return Object.entries(table).map(([name, host]) => [`${folder}/${basename(file, '.ts')}/${name}`, host] as const);
    });
}

/** The key from before the last reset, for users who set it. */
export const oldKey = randomBytes(20).toString('hex');
export const namesOldKey = (): Readonly<Record<string, string>> => ({ ACTIVEPROSPECT_OLD_API_KEY: oldKey });

/** For hosts that never answer: each costs several timeouts. */
export const impatient = (): Readonly<Record<string, string>> => ({ REQUEST_TIMEOUT_MS: '400' });

export const refusal = '{"error":"authentication failed"}';
export const contentType = 'application/json; charset=utf-8';

/** Whether the password is the key, in Basic, under any username. */
export function bringsKey({ headers: { authorization = '' } }: Pick<IncomingMessage, 'headers'>, key: string): boolean {
  const [, token] = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  const pair = Buffer.from(token ?? '', 'base64').toString('utf8');
  return pair.includes(':') && pair.slice(pair.indexOf(':') + 1) === key;
}

/** Follows the page: a success with the key, otherwise the documented refusal. */
export function follows(request: IncomingMessage, response: ServerResponse, key: string, _before = 0): void {
  if (bringsKey(request, key)) response.writeHead(200, { 'Content-Type': contentType }).end('[]');
  else response.writeHead(401, { 'Content-Type': contentType, 'Content-Length': refusal.length }).end(refusal);
}

/** Serves on a free loopback port; closing it also closes all connections. */
export async function listen(server: Server, scheme: 'http' | 'https' = 'http'): Promise<Serving> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

type Answering = (request: IncomingMessage, response: ServerResponse, key: string, before: number) => void;

/** A host defined by its answers. `before` is the number of earlier requests. `adjust` changes the server before it listens. */
export const answering =
  (
    answer: Answering,
    {
      options = {},
      adjust = () => {},
    }: { options?: Parameters<typeof createServer>[0]; adjust?: (server: ReturnType<typeof createServer>) => void } = {},
  ) =>
  (key: string): Promise<Serving> => {
    let before = 0;
    const listener: RequestListener = (request, response) => answer(request.resume(), response, key, before++);
    const server = createServer(options ?? {}, listener);
    adjust(server);
    return listen(server);
  };

/** A host that does not speak HTTP, or not correctly. */
export const speaking =
  (speak: (socket: Socket, key: string) => void) =>
  (key: string): Promise<Serving> =>
    listen(createSocketServer((socket) => speak(socket, key)));

/** A host that writes its answers byte by byte. It does not support request bodies. */
export const byHand = (write: (socket: Socket, answer: { readonly status: number; readonly body: string }) => void | Promise<void>) =>
  speaking((socket, key) => {
    let text = '';
    const answerNext = async (): Promise<void> => {
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const [line = '', ...fields] = text.slice(0, end).split('\r\n');
      text = text.slice(end + 4);
      const authorization = fields.find((field) => /^authorization:/i.test(field))?.replace(/^[^:]*: */, '');
      const letIn = bringsKey({ headers: authorization === undefined ? {} : { authorization } }, key);
      const body = letIn ? '[]' : refusal;
      await write(socket, { status: letIn ? 200 : 401, body: line.startsWith('HEAD ') ? '' : body });
    };
    socket.setEncoding('latin1').on('data', (piece: string) => {
      text += piece;
      void answerNext();
    });
  });
