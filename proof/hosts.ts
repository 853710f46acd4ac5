/** Hosts of a user's own, written for the proof. The folder of a host is the verdict that must come out: `conforms/` or `inconclusive/`. */
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
  /** How a real server comes to it. */
  readonly why: string;
  /** Serves LeadConduit on loopback, for an account with this key. Undefined where what it needs is not installed. */
  readonly start: (key: string) => Promise<Serving | undefined>;
  /** Why nobody can tell, of a host in `inconclusive/`. No other reason may be given, but for those in `also`. */
  readonly cause?: Cause;
  /** Reasons that are as true: which of them is seen is a matter of time. */
  readonly also?: readonly Cause[];
  /** What the reason has to name, where the user needs it to go on. */
  readonly names?: string;
  /** Requirements, by id, that can be judged on it and on few others: they have to conform. */
  readonly judged?: readonly string[];
  /** What the user sets beside the address of LeadConduit and the key. */
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

/** The key from before the last reset, where the user names it. */
export const oldKey = randomBytes(20).toString('hex');
export const namesOldKey = (): Readonly<Record<string, string>> => ({ ACTIVEPROSPECT_OLD_API_KEY: oldKey });

/** For hosts that leave the client waiting: what they cost is some of these. */
export const impatient = (): Readonly<Record<string, string>> => ({ REQUEST_TIMEOUT_MS: '400' });

export const refusal = '{"error":"authentication failed"}';
export const contentType = 'application/json; charset=utf-8';

/** The password is the key, in Basic, under any username. */
export function bringsKey({ headers: { authorization = '' } }: Pick<IncomingMessage, 'headers'>, key: string): boolean {
  const [, token] = /^basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  const pair = Buffer.from(token ?? '', 'base64').toString('utf8');
  return pair.includes(':') && pair.slice(pair.indexOf(':') + 1) === key;
}

/** Answers as the page has it: any success to the key, the documented refusal to all else. */
export function follows(request: IncomingMessage, response: ServerResponse, key: string, _before = 0): void {
  if (bringsKey(request, key)) response.writeHead(200, { 'Content-Type': contentType }).end('[]');
  else response.writeHead(401, { 'Content-Type': contentType, 'Content-Length': refusal.length }).end(refusal);
}

/** Serves on a free port of loopback, and ends all connections with itself. */
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

/** A host by its answers; told how many came before. `adjust` changes the server before it listens. */
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

/** A host that is no server of HTTP, or not a good one. */
export const speaking =
  (speak: (socket: Socket, key: string) => void) =>
  (key: string): Promise<Serving> =>
    listen(createSocketServer((socket) => speak(socket, key)));

/** A host that writes its answers by itself, byte for byte. Its requests have no bodies. */
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
