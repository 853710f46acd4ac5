import { type Departure, departures, firstProduct } from '../departures.ts';
import { router } from '../route.ts';

/**
 * The layer that serves a path normalizes it first; the layer that protects it does not. It compares paths with the documented spelling and
 * lets others pass, or only those that `passes` selects.
 */
const servedAs = (normalized: (path: string) => string, why: string, passes: (path: string) => boolean = () => true): Departure => ({
  why,
  change: ({ protects, answer }) => ({
    protects: (attempt) => (attempt.allowed.length > 0 || !passes(attempt.path)) && protects(attempt),
    answer(attempt, account) {
      const route = router(attempt.product.operations)(attempt.method, normalized(attempt.path));
      return answer({ ...attempt, ...route }, account);
    },
  }),
});

/** Hosts that accept calls without credentials. */
export default departures({
  'no-header-no-check': {
    why: 'the filter runs only for requests that have the header',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.authorization === undefined || admits(attempt, account) }),
  },
  'no-header-no-check-and-entity-tags': {
    why: 'the same filter, in a framework that answers 304 if the client already has the current version',
    change: ({ admits, answer }) => ({
      admits: (attempt, account) => attempt.authorization === undefined || admits(attempt, account),
      answer: (attempt, account) =>
        attempt.headers['if-none-match'] === '*'
          ? { status: 304, reason: 'Not Modified', headers: [], body: '' }
          : answer(attempt, account),
    }),
  },
  'empty-header': {
    why: 'a gateway requires the header, and the code behind it ignores an empty one',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.authorization === '' || admits(attempt, account) }),
  },
  'basic-alone': {
    why: 'nothing follows the scheme, so the password is undefined, and it equals the undefined key of an account without one',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.authorization?.trim() === 'Basic' || admits(attempt, account) }),
  },
  'one-resource-open': {
    why: 'a route was added to a router that runs before the filter',
    on: firstProduct,
    also: ['old-key-stops'],
    change: ({ protects }) => ({ protects: (attempt) => attempt.operation?.id !== 'GET /types' && protects(attempt) }),
  },
  'delete-open': {
    why: 'the filter lists the methods that it protects, and this one was forgotten',
    on: firstProduct,
    also: ['old-key-stops'],
    change: ({ protects }) => ({ protects: (attempt) => attempt.method !== 'DELETE' && protects(attempt) }),
  },
  'head-open': {
    why: 'the filter lists the methods that it protects; the GET handler also serves HEAD, which is not on the list',
    also: ['rfc9110-head'],
    change: ({ protects }) => ({ protects: (attempt) => attempt.method !== 'HEAD' && protects(attempt) }),
  },
  'after-an-accepted-call': {
    why: 'authentication belongs to the connection, as in NTLM: after one accepted call no header is needed',
    also: ['rfc9110-head'],
    change({ admits }) {
      const trusted = new WeakSet();
      return {
        admits(attempt, account) {
          if (attempt.authorization === undefined) return trusted.has(attempt.connection);
          if (account !== undefined) trusted.add(attempt.connection);
          return admits(attempt, account);
        },
      };
    },
  },
  'address-remembered': {
    why: 'an IP address that has sent an accepted call is treated as a trusted partner for a while',
    change({ admits }) {
      const partners = new Set<string>();
      return {
        admits(attempt, account) {
          if (attempt.authorization === undefined) return partners.has(attempt.address);
          if (account !== undefined) partners.add(attempt.address);
          return admits(attempt, account);
        },
      };
    },
  },
  'every-thirtieth': {
    why: 'one of thirty workers was started with the test environment settings, which disable authentication',
    also: ['rfc9110-head'],
    change({ admits }) {
      let calls = 0;
      return {
        admits(attempt, account) {
          if (attempt.authorization !== undefined) return admits(attempt, account);
          calls += 1;
          return calls % 30 === 0;
        },
      };
    },
  },
  'slash-at-the-end': servedAs(
    (path) => path.replace(/(?<=.)\/$/, ''),
    'the router ignores a trailing slash, but the list of protected paths in front of it requires an exact match',
  ),
  'doubled-slash': {
    ...servedAs(
      (path) => path.replaceAll(/\/{2,}/g, '/'),
      'the server merges slashes before it looks for a file or a handler, but the authentication filter sees the raw path',
    ),
    on: firstProduct,
  },
  'other-case': servedAs(
    (path) => path.toLowerCase(),
    'the server behind the gateway ignores case, and the gateway has no authorizer for paths with capitals',
    (path) => /[A-Z]/.test(path),
  ),
  'encoded-letter': servedAs(
    decodeURIComponent,
    'the filter is mounted on path prefixes and runs before the path is decoded, as in CVE-2026-22031',
  ),
  'dot-segment': servedAs(
    (path) => new URL(path, 'http://here').pathname,
    'a proxy matches raw paths and forwards them to a server that resolves dot segments, as in CVE-2019-9901',
    (path) => path.includes('/.'),
  ),
  'encoded-slash-at-the-end': servedAs(
    (path) => decodeURIComponent(path).replace(/(?<=.)\/$/, ''),
    'the security framework and the web framework split paths into segments differently, as in CVE-2023-34478',
    (path) => /%2f$/i.test(path),
  ),
  'spelled-otherwise-on-one-resource': {
    why: 'one resource moved to a newer router, which ignores a trailing slash',
    on: firstProduct,
    change: ({ protects, answer }) => ({
      protects: (attempt) => attempt.path !== '/types/' && protects(attempt),
      answer: (attempt, account) =>
        attempt.path === '/types/'
          ? answer({ ...attempt, ...router(attempt.product.operations)(attempt.method, '/types') }, account)
          : answer(attempt, account),
    }),
  },
});
