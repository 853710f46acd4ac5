/** Small hosts on loopback, defined in the tests that need them, and clients for them. All are closed after the test. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createSocketServer, type Server, type Socket } from 'node:net';
import { type Asker, type AskerOptions, createAsker } from '../src/ask/asker.ts';
import { createPace } from '../src/ask/pace.ts';
import { type Client, createClient } from '../src/http/client.ts';
import { Secret } from '../src/keys/secret.ts';
import { test as base } from './test.ts';

type Answering = (request: IncomingMessage, response: ServerResponse, before: number) => void;

export interface SmallHost {
  readonly url: URL;
  /** When each request arrived, in ms. */
  readonly arrivals: readonly number[];
  readonly requests: readonly IncomingMessage[];
}

type ClientOptions = Parameters<typeof createClient>[0];
interface Asking extends Partial<Pick<AskerOptions, 'pace' | 'pauseMs'>>, Partial<ClientOptions> {}

interface Fixtures {
  /** An HTTP host; `before` is the number of earlier requests. */
  host: (answer: Answering) => Promise<SmallHost>;
  /** A host that handles raw connections; `before` is the number of earlier ones. */
  socketHost: (answer: (socket: Socket, before: number) => void) => Promise<URL>;
  /** Starts any other kind of server. */
  listening: (server: Server) => Promise<URL>;
  /** A client for the host at this URL. */
  clientOf: (url: URL, options?: Partial<ClientOptions>) => Client;
  askerOf: (url: URL, options?: Asking) => Asker;
}

/** Finds and masks nothing, because nothing secret is sent here. */
const unguarded = { finds: () => false, mask: (text: string) => text };

export const test = base.extend<Fixtures>({
  listening: async ({}, use) => {
    const servers: Server[] = [];
    const sockets = new Set<Socket>();
    await use(async (server) => {
      servers.push(server);
      server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => {})));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
    for (const socket of sockets) socket.destroy();
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  },
  host: async ({ listening }, use) =>
    use(async (answer) => {
      const arrivals: number[] = [];
      const requests: IncomingMessage[] = [];
      const server = createServer((request, response) => {
        arrivals.push(performance.now());
        answer(request.resume(), response, requests.push(request) - 1);
      });
      return { url: await listening(server), arrivals, requests };
    }),
  socketHost: async ({ listening }, use) =>
    use(async (answer) => {
      let before = 0;
      return listening(createSocketServer((socket) => answer(socket, before++)));
    }),
  clientOf: async ({}, use) => {
    const clients: Client[] = [];
    await use((base, options = {}) => {
      const client = createClient({
        base,
        timeoutMs: 5000,
        guard: unguarded,
        userAgent: 'proof',
        now: () => performance.now(),
        ...options,
      });
      clients.push(client);
      return client;
    });
    await Promise.all(clients.map((each) => each.close()));
  },
  askerOf: async ({ clientOf }, use) =>
    use((url, { pace = createPace({ perSecond: undefined, atOnce: 10 }), pauseMs = 300, ...options } = {}) =>
      createAsker({ client: clientOf(url, options), pace, pauseMs }),
    ),
});

/** Always the same key, which is known to contain no colon if a lenient decoder reads it as base64. */
export const rightKey = new Secret(createHash('sha1').update('the key').digest('hex'));
