import { type Departure, departures } from '../departures.ts';
import { router } from '../route.ts';

/**
 * What serves a path normalizes it first. What protects it does not: it goes by the documented paths as they are spelled, and lets pass
 * what is none of them, or only what it is told to.
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

/** Hosts that let in who brings no credentials. */
export default departures({
  'no-header-no-check': {
    why: 'the filter runs for requests that have the header; the others pass it by',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.authorization === undefined || admits(attempt, account) }),
  },
  'no-header-no-check-and-entity-tags': {
    why: 'the same filter, in a framework that answers 304 to whoever has a current copy of what would be served',
    change: ({ admits, answer }) => ({
      admits: (attempt, account) => attempt.authorization === undefined || admits(attempt, account),
      answer: (attempt, account) =>
        attempt.headers['if-none-match'] === '*'
          ? { status: 304, reason: 'Not Modified', headers: [], body: '' }
          : answer(attempt, account),
    }),
  },
  'empty-header': {
    why: 'a gateway demands the header, and the code behind it skips an empty one',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.authorization === '' || admits(attempt, account) }),
  },
  'basic-alone': {
    why: 'what follows the scheme is undefined, and so is the key of an account that has none: the two are equal',
    change: ({ admits }) => ({ admits: (attempt, account) => attempt.authorization?.trim() === 'Basic' || admits(attempt, account) }),
  },
  'one-resource-open': {
    why: 'a route was added to the table of a router that stands before the filter',
    also: ['old-key-stops'],
    change: ({ protects }) => ({ protects: (attempt) => attempt.operation?.id !== 'GET /types' && protects(attempt) }),
  },
  'delete-open': {
    why: 'the filter lists the methods that it is for, and nobody thought of this one',
    also: ['old-key-stops'],
    change: ({ protects }) => ({ protects: (attempt) => attempt.method !== 'DELETE' && protects(attempt) }),
  },
  'head-open': {
    why: 'the filter lists the methods that it is for; HEAD is served by what serves GET, past the filter',
    also: ['rfc9110-head'],
    change: ({ protects }) => ({ protects: (attempt) => attempt.method !== 'HEAD' && protects(attempt) }),
  },
  'after-an-accepted-call': {
    why: 'authentication belongs to the connection, as in NTLM: who was let in on it once needs no header any more',
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
    why: 'an address from which somebody was let in counts as that of a partner for a while',
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
    why: 'one of thirty workers was started with the settings of the test environment, where everybody is let in',
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
    'the router ignores a slash at the end, and the list of protected paths in front of it is compared to the letter',
  ),
  'doubled-slash': servedAs(
    (path) => path.replaceAll(/\/{2,}/g, '/'),
    'the server merges slashes before it looks for a file or a handler, and the matcher that asks for credentials sees them as they came',
  ),
  'other-case': servedAs(
    (path) => path.toLowerCase(),
    'what is behind the gateway does not mind case, and the gateway has no authorizer for a path that is not in lower case',
    (path) => /[A-Z]/.test(path),
  ),
  'encoded-letter': servedAs(
    decodeURIComponent,
    'a filter is mounted on path prefixes and runs before the path is decoded, as in CVE-2026-22031',
  ),
  'dot-segment': servedAs(
    (path) => new URL(path, 'http://here').pathname,
    'a proxy matches paths as they came and forwards them to a server that resolves dot segments, as in CVE-2019-9901',
    (path) => path.includes('/.'),
  ),
  'encoded-slash-at-the-end': servedAs(
    (path) => decodeURIComponent(path).replace(/(?<=.)\/$/, ''),
    'the security framework and the one that serves cut a path into segments in two ways, as in CVE-2023-34478',
    (path) => /%2f$/i.test(path),
  ),
  'spelled-otherwise-on-one-resource': {
    why: 'one resource moved to a newer router, which ignores a slash at the end',
    change: ({ protects, answer }) => ({
      protects: (attempt) => attempt.path !== '/types/' && protects(attempt),
      answer: (attempt, account) =>
        attempt.path === '/types/'
          ? answer({ ...attempt, ...router(attempt.product.operations)(attempt.method, '/types') }, account)
          : answer(attempt, account),
    }),
  },
});
