import { answering, follows, hosts } from '../hosts.ts';

/** Hosts that treat connections and time in their own way. */
export default hosts({
  'no-keep-alive': {
    why: 'one request a connection, as HTTP/1.0 had it',
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
  'idle-at-once': {
    why: 'connections that nobody uses are closed within a millisecond',
    start: answering(follows, {
      adjust: (server) => {
        server.keepAliveTimeout = 1;
      },
    }),
  },
  jittery: {
    why: 'nodes that are loaded, some more than others',
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
  'split-in-two': {
    why: 'head and body go out in packets of their own',
    start: answering((request, response, key) => {
      response.socket?.setNoDelay(true);
      response.flushHeaders = () => {};
      setImmediate(follows, request, response, key);
    }),
  },
});
