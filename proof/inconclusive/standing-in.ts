import { answering, bringsKey, contentType, follows, hosts, namesOldKey, oldKey } from '../hosts.ts';

/** Everybody gets this, whatever they bring. */
const always = (status: number, headers: Readonly<Record<string, string>> = {}, body = '') =>
  answering((_request, response) => void response.writeHead(status, headers).end(body));

const page = '<!doctype html><title>Please wait</title>';
const html = { 'Content-Type': 'text/html' };

/** After so many calls without the key. */
const afterWrongKeys = (number: number, then: (letIn: boolean) => number) => {
  let wrong = 0;
  return answering((request, response, key) => {
    const letIn = bringsKey(request, key);
    if (!letIn) wrong += 1;
    if (wrong < number) return follows(request, response, key);
    const status = then(letIn);
    if (status === 401) follows({ headers: {} } as typeof request, response, key);
    else response.writeHead(status).end();
  });
};

/** Hosts in whose place somebody else answers, or that answer for other reasons than the key. */
export default hosts({
  throttles: { why: 'a limit that was used up before', cause: 'throttled', start: always(429, { 'Retry-After': '0' }) },
  maintenance: { why: 'closed for the night', cause: 'challenge', start: always(503, html, page) },
  unavailable: { why: 'a balancer without anybody behind it', cause: 'unreachable', start: always(503) },
  'bad-gateway': { why: 'what is behind the gateway does not speak to it', cause: 'unreachable', start: always(502) },
  challenge: {
    why: 'a firewall that wants to see a browser',
    cause: 'challenge',
    start: always(403, { ...html, 'cf-mitigated': 'challenge' }, page),
  },
  'login-page': {
    why: 'single sign-on in front of everything',
    cause: 'challenge',
    start: always(200, html, '<html><form>Log in</form></html>'),
  },
  'firewall-202': {
    why: 'a firewall that lets a browser do sums first',
    cause: 'challenge',
    start: always(202, { 'x-amzn-waf-action': 'challenge' }),
  },
  'firewall-405': {
    why: 'the same, asking for a picture to be looked at',
    cause: 'challenge',
    start: always(405, { 'x-amzn-waf-action': 'captcha' }),
  },
  'proxy-407': { why: 'a proxy on the way that nobody knew of', cause: 'proxy', start: always(407) },
  redirects: {
    why: 'the product has moved',
    cause: 'no-control',
    names: 'https://elsewhere.test/',
    start: always(301, { Location: 'https://elsewhere.test/' }),
  },
  'permission-refused': {
    why: 'only some networks may call',
    cause: 'no-control',
    start: always(403, { 'Content-Type': contentType }, '{"error":"forbidden","code":403}'),
  },
  'broken-everywhere': { why: 'a release that cannot find its database', cause: 'no-control', start: always(500) },
  'key-of-somebody-else': {
    why: 'the key of another environment',
    cause: 'key-refused',
    start: answering((_request, response) => follows({ headers: {} } as typeof _request, response, '')),
  },
  'before-the-login': {
    why: 'the key was reset, and nobody has logged in since',
    cause: 'needs-login',
    settings: namesOldKey,
    start: answering((request, response) => follows(request, response, oldKey)),
  },
  'free-plan': {
    why: 'an account on which flows cannot be had, which is documented to be a 401',
    cause: 'entitlement',
    also: ['no-control'],
    start: answering((request, response, key) => {
      const isThere = !request.url?.startsWith('/flows');
      follows(isThere ? request : ({ headers: {} } as typeof request), response, key);
    }),
  },
  'not-in-the-plan': {
    why: 'an account that has not been paid for',
    cause: 'entitlement',
    start: always(402, { 'Content-Type': contentType }, '{"outcome":"error"}'),
  },
  'locks-out-with-423': {
    why: 'the account is closed after some wrong keys',
    cause: 'locked-out',
    start: (key) => afterWrongKeys(12, () => 423)(key),
  },
  'locks-out-silently': {
    why: 'the same, and nothing is said of it',
    cause: 'locked-out',
    start: (key) => afterWrongKeys(12, () => 401)(key),
  },
  'throttles-later': { why: 'a limit that wrong keys use up', cause: 'throttled', start: (key) => afterWrongKeys(12, () => 429)(key) },
});
