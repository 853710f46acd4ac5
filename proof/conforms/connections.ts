import { setTimeout as sleep } from 'node:timers/promises';
import { answering, bringsKey, byHand, contentType, follows, hosts } from '../hosts.ts';

/** Hosts that handle connections and timing in other ways. */
export default hosts({
  'no-keep-alive': {
    why: 'one request per connection, as in HTTP/1.0',
    start: answering((request, response, key) => {
      response.setHeader('Connection', 'close');
      follows(request, response, key);
    }),
  },
  'three-requests': {
    why: 'a server that recycles connections',
    start: answering(follows, {
      adjust: (server) => {
        server.maxRequestsPerSocket = 3;
      },
    }),
  },
  'closes-idle-connections-at-once': {
    why: 'idle connections are closed after a millisecond',
    start: answering(follows, {
      adjust: (server) => {
        server.keepAliveTimeout = 1;
      },
    }),
  },
  jittery: {
    why: 'nodes under different loads',
    start: answering((request, response, key, before) => void setTimeout(follows, (before * 7) % 25, request, response, key)),
  },
  'early-hints': {
    why: 'a gateway that sends 103 before it knows the answer',
    start: answering((request, response, key) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
      follows(request, response, key);
    }),
  },
  'headers-of-8-kb': { why: 'the limit of many servers', start: answering(follows, { options: { maxHeaderSize: 8 * 1024 } }) },
  'headers-of-4-kb': { why: 'the limit of some proxies', start: answering(follows, { options: { maxHeaderSize: 4 * 1024 } }) },
  'hangs-up-on-large-headers': {
    why: 'a firewall that drops requests with large headers without an answer',
    start: answering((request, response, key) =>
      (request.headers.authorization ?? '').length > 4000 ? void request.socket.destroy() : follows(request, response, key),
    ),
  },
  'closes-unannounced': {
    why: 'a worker that is replaced after each answer, without announcing it in the answer',
    start: answering((request, response, key) => {
      response.on('finish', () => request.socket.end());
      follows(request, response, key);
    }),
  },
  'closes-after-refusals': {
    why: 'a server that does not keep connections of refused clients',
    start: answering((request, response, key) => {
      if (!bringsKey(request, key)) response.setHeader('Connection', 'close');
      follows(request, response, key);
    }),
  },
  'split-in-two': {
    why: 'headers and body are sent in separate packets, some milliseconds apart',
    start: byHand(async (socket, { status, body }) => {
      socket.setNoDelay(true);
      socket.write(`HTTP/1.1 ${status} Some\r\nContent-Type: ${contentType}\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 1)}`);
      await sleep(3);
      socket.write(body.slice(1));
    }),
  },
  'until-it-closes': {
    why: 'a body without a length, which ends when the connection closes, as in HTTP/1.0',
    start: byHand((socket, { status, body }) => void socket.end(`HTTP/1.0 ${status} Some\r\nContent-Type: ${contentType}\r\n\r\n${body}`)),
  },
  'bare-minimum': {
    why: 'lower-case header names, no reason phrase, no Date: everything optional is left out',
    start: byHand(
      (socket, { status, body }) =>
        void socket.write(`HTTP/1.1 ${status} \r\ncontent-length:${body.length}\r\ncontent-type:${contentType}\r\n\r\n${body}`),
    ),
  },
  'unavailable-once-in-a-hundred': {
    why: 'a load balancer that occasionally picks a node that is being replaced',
    start: answering((request, response, key, before) =>
      before % 100 === 50 ? void response.writeHead(503).end() : follows(request, response, key),
    ),
  },
  'throttles-once-in-a-hundred': {
    why: 'a burst limit that says when to retry',
    start: answering((request, response, key, before) =>
      before % 100 === 50 ? void response.writeHead(429, { 'Retry-After': '0' }).end() : follows(request, response, key),
    ),
  },
});
