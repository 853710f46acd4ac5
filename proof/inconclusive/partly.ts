import { answering, bringsKey, contentType, follows, hosts, impatient } from '../hosts.ts';

type Then = Parameters<typeof answering>[0];

/** Follows the page for the key; whoever comes without it gets this, from the so-manieth time on. */
const strangersGet =
  (then: Then, from = 1) =>
  (key: string) => {
    let strangers = 0;
    return answering((request, response, known, before) => {
      const isStranger = !bringsKey(request, known);
      if (isStranger) strangers += 1;
      (isStranger && strangers >= from ? then : follows)(request, response, known, before);
    })(key);
  };

/** After so many calls without the key, everybody gets this. */
const everybodyGets =
  (then: Then, after: number, times = Number.POSITIVE_INFINITY) =>
  (key: string) => {
    let strangers = 0;
    let given = 0;
    return answering((request, response, known, before) => {
      if (!bringsKey(request, known)) strangers += 1;
      const isClosed = strangers >= after && given < times;
      if (isClosed) given += 1;
      (isClosed ? then : follows)(request, response, known, before);
    })(key);
  };

/** Follows the page, but for one resource. */
const onFields = (then: Then) =>
  answering((request, response, key, before) =>
    (request.url?.startsWith('/fields') && bringsKey(request, key) ? then : follows)(request, response, key, before),
  );

const status =
  (code: number, headers: Readonly<Record<string, string>> = {}, body = ''): Then =>
  (_request, response) =>
    void response.writeHead(code, headers).end(body);

const forbidden = status(403, { 'Content-Type': contentType }, '{"error":"forbidden","code":403}');
const blocked = status(403, { 'Content-Type': 'text/html' }, '<!doctype html><title>Blocked</title>');
const refused: Then = (request, response) => follows({ ...request, headers: {} } as typeof request, response, '');

/** Hosts on which a part can be judged and a part cannot: strangers get no answer that tells something, or one resource gives none. */
export default hosts({
  'throttles-strangers': {
    why: 'a limit on wrong keys alone',
    cause: 'throttled',
    start: strangersGet(status(429, { 'Retry-After': '0' }), 12),
  },
  'leaves-strangers-waiting': {
    why: 'a tar pit for whoever guesses',
    cause: 'timeout',
    also: ['unstable'],
    settings: impatient,
    start: strangersGet(() => {}),
  },
  'hangs-up-on-strangers': {
    why: 'a gateway that does not waste an answer on them',
    cause: 'unreachable',
    also: ['unstable'],
    start: strangersGet((request) => void request.socket.destroy()),
  },
  'bad-gateway-for-strangers': {
    why: 'a gateway whose own check of credentials is down',
    cause: 'unstable',
    start: strangersGet(status(502)),
  },
  'shows-strangers-a-page': { why: 'a firewall that knows who is a customer', cause: 'challenge', start: strangersGet(blocked) },
  'forbids-after-wrong-keys': { why: 'a lock that says 403', cause: 'no-control', start: everybodyGets(forbidden, 12) },
  'locks-at-the-third': { why: 'three tries, as a cash machine has it', cause: 'locked-out', start: everybodyGets(refused, 3) },
  'locks-for-a-while': { why: 'a lock that opens by itself', cause: 'locked-out', start: everybodyGets(refused, 12, 30) },
  'one-resource-down': { why: 'the service behind it is', cause: 'unreachable', also: ['no-control'], start: onFields(status(503)) },
  'one-resource-forbidden': { why: 'a user who may not see it', cause: 'no-control', start: onFields(forbidden) },
});
