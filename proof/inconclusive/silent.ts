import { createServer as createHttp2Server } from 'node:http2';
import { createServer as createSecureServer } from 'node:https';
import { generate } from 'selfsigned';
import { answering, bringsKey, contentType, follows, hosts, impatient, listen, refusal, speaking } from '../hosts.ts';

/** Hosts that send no answer, or only part of one. */
export default hosts({
  down: {
    why: 'nothing listens on the port',
    cause: 'unreachable',
    start: async () => {
      const serving = await answering(follows)('');
      await serving.close();
      return { url: serving.url, close: async () => {} };
    },
  },
  'never-answers': { why: 'a firewall that drops packets silently', cause: 'timeout', settings: impatient, start: speaking(() => {}) },
  'resets-connections': {
    why: 'a load balancer without a backend',
    cause: 'unreachable',
    start: speaking((socket) => void socket.once('data', () => socket.resetAndDestroy())),
  },
  'closes-connections': {
    why: 'a process that crashes on each request',
    cause: 'unreachable',
    start: speaking((socket) => void socket.once('data', () => socket.end())),
  },
  'stops-half-way': {
    why: 'a proxy that loses its backend in the middle of an answer',
    cause: 'malformed',
    start: answering((_request, response) => {
      response.writeHead(200, { 'Content-Type': contentType, 'Content-Length': 1000 }).write('[');
      setTimeout(() => response.socket?.destroy(), 5);
    }),
  },
  'no-http': {
    why: 'the port belongs to another service',
    cause: 'malformed',
    start: speaking((socket) => void socket.on('data', () => socket.write('SSH-2.0-OpenSSH_9.6\r\n'))),
  },
  'endless-headers': {
    why: 'a server that loops while it writes headers',
    cause: 'malformed',
    start: speaking((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const timer = setInterval(() => socket.write(`X-Again: ${'a'.repeat(9000)}\r\n`), 1);
        socket.once('close', () => clearInterval(timer));
      });
    }),
  },
  'endless-body': {
    why: 'an event stream instead of a list',
    cause: 'timeout',
    settings: impatient,
    start: speaking((socket) => {
      socket.on('data', () => {
        socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
        const timer = setInterval(() => socket.write('1\r\n\n\r\n'), 20);
        socket.once('close', () => clearInterval(timer));
      });
    }),
  },
  'http2-only': {
    why: 'an internal service that speaks HTTP/2 without TLS',
    cause: 'malformed',
    start: () => listen(createHttp2Server()),
  },
  'no-tls': {
    why: 'an https URL for an http port',
    cause: 'tls',
    start: async (key) => {
      const { url, close } = await answering(follows)(key);
      return { url: url.replace('http:', 'https:'), close };
    },
  },
  'truncates-refusals': {
    why: 'a proxy that cuts off error answers',
    cause: 'unstable',
    also: ['malformed'],
    start: answering((request, response, key) => {
      if (bringsKey(request, key)) return follows(request, response, key);
      response.writeHead(401, { 'Content-Type': contentType, 'Content-Length': refusal.length }).write(refusal.slice(0, 5));
      setTimeout(() => response.socket?.destroy(), 2);
    }),
  },
  'untrusted-certificate': {
    why: 'a staging host with a self-signed certificate',
    cause: 'tls',
    start: async (key) => {
      const { private: own, cert } = await generate([{ name: 'commonName', value: 'lead.test' }], { keyType: 'ec', algorithm: 'sha256' });
      const server = createSecureServer({ key: own, cert }, (request, response) => follows(request.resume(), response, key));
      server.on('tlsClientError', () => {});
      return listen(server, 'https');
    },
  },
  'once-in-five': {
    why: 'one node of five is down, and the load balancer has not noticed yet',
    cause: 'unstable',
    start: answering((request, response, key, before) => {
      if (before % 5 === 3) response.writeHead(503).end();
      else follows(request, response, key);
    }),
  },
  'refuses-the-key-once': {
    why: 'a node that has just started and has not loaded the keys yet',
    cause: 'unstable',
    start: answering((request, response, key, before) => {
      const letIn = bringsKey(request, key) && before !== 20;
      if (letIn) response.writeHead(200, { 'Content-Type': contentType }).end('[]');
      else follows({ headers: {} } as typeof request, response, key);
    }),
  },
});
