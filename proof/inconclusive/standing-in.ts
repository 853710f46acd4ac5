import { answering, bringsKey, contentType, follows, hosts, namesOldKey, oldKey } from '../hosts.ts';

/** Answers every call like this, whatever its credentials. */
const always = (status: number, headers: Readonly<Record<string, string>> = {}, body = '') =>
  answering((_request, response) => void response.writeHead(status, headers).end(body));

const page = '<!doctype html><title>Please wait</title>';
const html = { 'Content-Type': 'text/html' };

/** Answers with the status from `then` after `number` calls without the key. */
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

/** Hosts where something else answers in their place, or where the answer does not depend on the key. */
export default hosts({
  throttles: { why: 'the rate limit was already used up', cause: 'throttled', start: always(429, { 'Retry-After': '0' }) },
  maintenance: { why: 'nightly maintenance', cause: 'challenge', start: always(503, html, page) },
  unavailable: { why: 'a load balancer without a backend', cause: 'unreachable', start: always(503) },
  'bad-gateway': { why: 'the backend does not answer the gateway', cause: 'unreachable', start: always(502) },
  challenge: {
    why: 'a firewall that admits only browsers',
    cause: 'challenge',
    start: always(403, { ...html, 'cf-mitigated': 'challenge' }, page),
  },
  'login-page': {
    why: 'single sign-on in front of everything',
    cause: 'challenge',
    start: always(200, html, '<html><form>Log in</form></html>'),
  },
  'firewall-202': {
    why: 'a firewall that makes the browser solve a challenge first',
    cause: 'challenge',
    start: always(202, { 'x-amzn-waf-action': 'challenge' }),
  },
  'firewall-405': {
    why: 'a firewall that shows a picture CAPTCHA first',
    cause: 'challenge',
    start: always(405, { 'x-amzn-waf-action': 'captcha' }),
  },
  'proxy-407': { why: 'an unexpected proxy that requires authentication', cause: 'proxy', start: always(407) },
  redirects: {
    why: 'the product has moved',
    cause: 'no-control',
    names: 'https://elsewhere.test/',
    start: always(301, { Location: 'https://elsewhere.test/' }),
  },
  'permission-refused': {
    why: 'only some networks are allowed',
    cause: 'no-control',
    start: always(403, { 'Content-Type': contentType }, '{"error":"forbidden","code":403}'),
  },
  'broken-everywhere': { why: 'a new release that cannot reach its database', cause: 'no-control', start: always(500) },
  'key-of-another-environment': {
    why: 'the key belongs to another environment',
    cause: 'key-refused',
    start: answering((_request, response) => follows({ headers: {} } as typeof _request, response, '')),
  },
  'before-the-login': {
    why: 'the key was reset, and no one has logged in since',
    cause: 'needs-login',
    settings: namesOldKey,
    start: answering((request, response) => follows(request, response, oldKey)),
  },
  'free-plan': {
    why: 'an account whose plan does not include flows, which is documented to give a 401',
    cause: 'entitlement',
    also: ['no-control'],
    start: answering((request, response, key) => {
      const isThere = !request.url?.startsWith('/flows');
      follows(isThere ? request : ({ headers: {} } as typeof request), response, key);
    }),
  },
  'not-in-the-plan': {
    why: 'an unpaid account',
    cause: 'entitlement',
    start: always(402, { 'Content-Type': contentType }, '{"outcome":"error"}'),
  },
  'locks-out-with-423': {
    why: 'the account is locked after some wrong keys',
    cause: 'locked-out',
    start: (key) => afterWrongKeys(12, () => 423)(key),
  },
  'locks-out-silently': {
    why: 'the account is locked after some wrong keys, but the answer does not say so',
    cause: 'locked-out',
    start: (key) => afterWrongKeys(12, () => 401)(key),
  },
  'throttles-later': { why: 'a rate limit that wrong keys use up', cause: 'throttled', start: (key) => afterWrongKeys(12, () => 429)(key) },
});
