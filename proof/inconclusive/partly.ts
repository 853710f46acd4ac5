import { answering, bringsKey, contentType, follows, hosts, impatient } from '../hosts.ts';

type Then = Parameters<typeof answering>[0];

/** Follows the page for the key. Calls without it get `then`, from call number `from` on. */
const callsWithoutKeyGet =
  (then: Then, from = 1) =>
  (key: string) => {
    let withoutKey = 0;
    return answering((request, response, known, before) => {
      const lacksKey = !bringsKey(request, known);
      if (lacksKey) withoutKey += 1;
      (lacksKey && withoutKey >= from ? then : follows)(request, response, known, before);
    })(key);
  };

/** Once there have been `after` calls without the key, all calls get `then`. */
const allCallsGet =
  (then: Then, after: number, times = Number.POSITIVE_INFINITY) =>
  (key: string) => {
    let withoutKey = 0;
    let given = 0;
    return answering((request, response, known, before) => {
      if (!bringsKey(request, known)) withoutKey += 1;
      const isClosed = withoutKey >= after && given < times;
      if (isClosed) given += 1;
      (isClosed ? then : follows)(request, response, known, before);
    })(key);
  };

/** Follows the page except for one resource. */
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

/** Hosts that can be judged only in part: calls without the key, or one resource, get no usable answer. */
export default hosts({
  'throttles-wrong-keys': {
    why: 'a rate limit on wrong keys only',
    cause: 'throttled',
    start: callsWithoutKeyGet(status(429, { 'Retry-After': '0' }), 12),
  },
  'never-answers-wrong-keys': {
    why: 'a tar pit against guessing',
    cause: 'timeout',
    also: ['unstable'],
    settings: impatient,
    start: callsWithoutKeyGet(() => {}),
  },
  'hangs-up-on-wrong-keys': {
    why: 'a gateway that closes the connection instead of answering',
    cause: 'unreachable',
    also: ['unstable'],
    start: callsWithoutKeyGet((request) => void request.socket.destroy()),
  },
  'bad-gateway-for-wrong-keys': {
    why: 'a gateway whose authentication service is down',
    cause: 'unstable',
    start: callsWithoutKeyGet(status(502)),
  },
  'page-for-wrong-keys': { why: 'a firewall that recognizes customers', cause: 'challenge', start: callsWithoutKeyGet(blocked) },
  'forbids-after-wrong-keys': { why: 'a lockout with 403', cause: 'no-control', start: allCallsGet(forbidden, 12) },
  'locks-at-the-third': { why: 'a lockout after three tries, as at a cash machine', cause: 'locked-out', start: allCallsGet(refused, 3) },
  'locks-for-a-while': { why: 'a temporary lockout', cause: 'locked-out', start: allCallsGet(refused, 12, 30) },
  'one-resource-down': {
    why: 'the service behind one resource is down',
    cause: 'unreachable',
    also: ['no-control'],
    start: onFields(status(503)),
  },
  'one-resource-forbidden': { why: 'the account lacks permission for one resource', cause: 'no-control', start: onFields(forbidden) },
});
