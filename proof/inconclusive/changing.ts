import { answering, bringsKey, contentType, follows, hosts, impatient } from '../hosts.ts';

type Then = Parameters<typeof answering>[0];

/** Follows the page for this many requests. The first history takes some 140 requests, the second some 500. */
const until = (requests: number, then: Then) =>
  answering((request, response, key, before) => (before < requests ? follows : then)(request, response, key, before));

/** Answers one request in `number` differently. */
const onceIn = (number: number, then: Then) =>
  answering((request, response, key, before) => (before % number === 3 ? then : follows)(request, response, key, before));

const blocked: Then = (_request, response) =>
  void response.writeHead(403, { 'Content-Type': contentType }).end('{"error":"forbidden","code":403}');
const broken: Then = (_request, response) => void response.writeHead(500).end();
const moved: Then = (_request, response) => void response.writeHead(302, { Location: 'https://elsewhere.test/' }).end();
const page: Then = (_request, response) =>
  void response.writeHead(503, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Back soon</title>');
const resets: Then = (request) => void request.socket.resetAndDestroy();

/** Hosts that change during the run: in the first history, where the key must be accepted, or in the second, where all else must be refused. */
export default hosts({
  'goes-down-early': { why: 'a deployment in the middle of the run', cause: 'unreachable', also: ['unstable'], start: until(40, resets) },
  'goes-down-late': { why: 'a deployment while wrong keys are tried', cause: 'unreachable', start: until(300, resets) },
  'stops-answering': {
    why: 'a firewall that drops clients with many requests',
    cause: 'timeout',
    settings: impatient,
    start: until(300, () => {}),
  },
  'closes-for-maintenance': { why: 'nightly maintenance begins', cause: 'challenge', start: until(40, page) },
  'blocks-early': { why: 'a gateway that blocks an IP address after a number of requests', cause: 'no-control', start: until(40, blocked) },
  'blocks-late': { why: 'a gateway that blocks an IP address because of wrong keys', cause: 'no-control', start: until(300, blocked) },
  'breaks-early': { why: 'the host loses its database', cause: 'no-control', start: until(40, broken) },
  'breaks-late': { why: 'the host loses its database while wrong keys are tried', cause: 'no-control', start: until(300, broken) },
  'moves-early': { why: 'the product moves to another address', cause: 'no-control', start: until(40, moved) },
  'breaks-once-in-five': { why: 'one node of five cannot reach its database', cause: 'unstable', start: onceIn(5, broken) },
  'resets-once-in-five': { why: 'one node of five is being restarted', cause: 'unstable', also: ['unreachable'], start: onceIn(5, resets) },
  'firewall-for-some': {
    why: 'a firewall that blocks credentials with quotes',
    cause: 'challenge',
    start: answering((request, response, key, before) => {
      const pair = Buffer.from((request.headers.authorization ?? '').slice('Basic '.length), 'base64').toString();
      const odd = /'/.test(pair) && bringsKey(request, key);
      if (odd) response.writeHead(403, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Blocked</title>');
      else follows(request, response, key, before);
    }),
  },
});
