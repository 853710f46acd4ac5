import { createServer as createSecureServer } from 'node:https';
import { generate } from 'selfsigned';
import { answering, bringsKey, contentType, follows, hosts, listen, speaking } from '../hosts.ts';

/** Hosts that give no answer, or half of one. */
export default hosts({
  down: {
    why: 'nobody listens',
    cause: 'unreachable',
    start: async () => {
      const serving = await answering(follows)('');
      await serving.close();
      return { url: serving.url, close: async () => {} };
    },
  },
  'never-answers': { why: 'a firewall that drops what it does not like', cause: 'timeout', start: speaking(() => {}) },
  'resets-connections': {
    why: 'a balancer without anybody behind it',
    cause: 'unreachable',
    start: speaking((socket) => void socket.once('data', () => socket.resetAndDestroy())),
  },
  'closes-connections': {
    why: 'a process that dies of each request',
    cause: 'unreachable',
    start: speaking((socket) => void socket.once('data', () => socket.end())),
  },
  'stops-half-way': {
    why: 'a proxy that loses what is behind it in the middle of an answer',
    cause: 'malformed',
    start: answering((_request, response) => {
      response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': 1000 }).write('[');
      setTimeout(() => response.socket?.destroy(), 5);
    }),
  },
  'no-http': {
    why: 'the port of another service',
    cause: 'malformed',
    start: speaking((socket) => void socket.on('data', () => socket.write('SSH-2.0-OpenSSH_9.6\r\n'))),
  },
  'untrusted-certificate': {
    why: 'a staging host with a certificate that it has signed by itself',
    cause: 'tls',
    start: async (key) => {
      const { private: own, cert } = await generate([{ name: 'commonName', value: 'lead.test' }], { keyType: 'ec', algorithm: 'sha256' });
      const server = createSecureServer({ key: own, cert }, (request, response) => follows(request.resume(), response, key));
      server.on('tlsClientError', () => {});
      return listen(server, 'https');
    },
  },
  'once-in-five': {
    why: 'one node of five is out of order, and the balancer has not seen it yet',
    cause: 'unstable',
    start: answering((request, response, key, before) => {
      if (before % 5 === 3) response.writeHead(503).end();
      else follows(request, response, key);
    }),
  },
  'refuses-the-key-once': {
    why: 'a node that has just come up and does not know the keys yet',
    cause: 'unstable',
    start: answering((request, response, key, before) => {
      const letIn = bringsKey(request, key) && before !== 20;
      if (letIn) response.writeHead(200, { 'Content-Type': contentType }).end('[]');
      else follows({ headers: {} } as typeof request, response, key);
    }),
  },
});
