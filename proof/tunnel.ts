/** A host that looks to the suite as if it were off loopback: TLS under another name, reached through a proxy that opens tunnels to it. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { connect, isIP, type Socket } from 'node:net';
import { generate } from 'selfsigned';
import { test as base, type SmallHost } from './small-hosts.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse, before: number) => void;

export interface SecureHost extends SmallHost {
  /** Its certificate in PEM, which is not trusted by default. */
  readonly certificate: string;
  /** The highest number of requests that were open at once. */
  mostOpen(): number;
}

export interface Proxy {
  readonly url: URL;
  /** The targets of CONNECT requests. */
  readonly tunnels: readonly string[];
  /** Requests other than CONNECT. */
  readonly others: readonly string[];
  /** Whether there was any connection at all. */
  wasReached(): boolean;
}

interface Fixtures {
  /** `names`: the names in its certificate. */
  secureHost: (answer: Answer, names?: readonly string[]) => Promise<SecureHost>;
  /** Opens tunnels to this host for any name, or answers a CONNECT with this status. */
  proxyTo: (host: SmallHost | undefined, status?: number) => Promise<Proxy>;
}

export const test = base.extend<Fixtures>({
  secureHost: async ({ listening }, use) =>
    use(async (answer, names = ['lead.test']) => {
      const { private: key, cert } = await generate([{ name: 'commonName', value: names[0] }], {
        keyType: 'ec',
        algorithm: 'sha256',
        extensions: [
          { name: 'subjectAltName', altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })) },
        ],
      });
      const arrivals: number[] = [];
      const requests: IncomingMessage[] = [];
      let open = 0;
      let most = 0;
      const server = createSecureServer({ key, cert }, (request, response) => {
        arrivals.push(performance.now());
        most = Math.max(most, ++open);
        response.once('close', () => {
          open -= 1;
        });
        answer(request.resume(), response, requests.push(request) - 1);
      });
      server.on('tlsClientError', () => {});
      const { port } = await listening(server);
      return { url: new URL(`https://127.0.0.1:${port}`), arrivals, requests, certificate: cert, mostOpen: () => most };
    }),
  proxyTo: async ({ listening }, use) => {
    const outgoing = new Set<Socket>();
    await use(async (host, status) => {
      const tunnels: string[] = [];
      const others: string[] = [];
      const server = createServer((request, response) => {
        others.push(`${request.method} ${request.url}`);
        response.writeHead(502).end();
      });
      server.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
        tunnels.push(request.url ?? '');
        socket.on('error', () => {});
        if (host === undefined || status !== undefined) {
          socket.end(`HTTP/1.1 ${status ?? 502} No\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n`);
          return;
        }
        const behind = connect(Number(host.url.port), '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          behind.write(head);
          behind.pipe(socket).pipe(behind);
        });
        outgoing.add(behind.on('error', () => socket.destroy()));
        socket.on('close', () => behind.destroy());
      });
      let reached = false;
      server.on('connection', () => {
        reached = true;
      });
      const url = await listening(server);
      return { url, tunnels, others, wasReached: () => reached };
    });
    for (const socket of outgoing) socket.destroy();
  },
});
