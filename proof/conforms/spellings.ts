import type { IncomingMessage, ServerResponse } from 'node:http';
import { router } from '../../src/host/route.ts';
import { loadProducts } from '../../src/specifications/load.ts';
import { answering, bringsKey, contentType, follows, hosts, impatient } from '../hosts.ts';

const route = router(loadProducts().leadconduit.operations);
const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';
const isDocumented = (method: string, path: string): boolean => route(method, path).operation !== undefined;

/** Documented paths as the page has it, with `body` for whoever brings the key; all else without a look at credentials. */
const elsewhere = (otherwise: (request: IncomingMessage, response: ServerResponse) => void, body = '[]') =>
  answering((request, response, key) => {
    if (!isDocumented(request.method ?? '', pathOf(request))) otherwise(request, response);
    else if (bringsKey(request, key)) response.writeHead(200, { 'Content-Type': contentType }).end(body);
    else follows(request, response, key);
  });

const always = (status: number, type: string, body: string) => (_request: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(status, { 'Content-Type': type }).end(body);

/** A path in the only spelling that its server knows. */
const canonical = (path: string): string =>
  decodeURIComponent(path)
    .replaceAll(/(\/\.)?\/+/g, '/')
    .replace(/(?<=.)\/$/, '')
    .toLowerCase();

/** Hosts that answer other spellings of a path in their own way, and serve no resource there to whoever brings no key. */
export default hosts({
  'not-found': {
    why: 'paths are compared to the letter, and what is not known is not there for anybody',
    start: elsewhere(always(404, contentType, '{"error":"not found","code":404}')),
  },
  redirects: {
    why: 'each resource has one address, to which others redirect',
    start: elsewhere((request, response) => void response.writeHead(308, { Location: canonical(pathOf(request)) }).end()),
  },
  'application-shell': {
    why: 'a page that runs in the browser is served at every address that is no resource',
    start: elsewhere(always(200, 'text/html; charset=utf-8', '<!doctype html><title>App</title>')),
  },
  'application-shell-without-a-type': {
    why: 'the same page, by a server that calls all that it sends JSON',
    start: elsewhere(always(200, contentType, '<!doctype html><title>App</title>')),
  },
  'same-list-everywhere': {
    why: 'a mock that has an empty list for whatever it does not know',
    start: elsewhere(always(200, contentType, '[]')),
  },
  'same-object-everywhere': {
    why: 'a mock that has an empty object for whatever it does not know',
    start: elsewhere(always(200, contentType, '{}'), '{"items":[]}'),
  },
  'health-everywhere': {
    why: 'a sidecar that tells its health at every address that it does not forward',
    start: elsewhere(always(200, contentType, '{"status":"ok","uptime":1}'), '{"items":[],"total":0}'),
  },
  'nothing-everywhere': {
    why: 'a resource without content to list, and a server that has none for any other address',
    start: elsewhere((_request, response) => void response.writeHead(204).end(), '[]'),
  },
  'error-with-200': {
    why: 'what is not there is said in the body alone, by an object as resources have it',
    start: elsewhere(always(200, contentType, '{"error":"no such resource"}'), '{"items":[]}'),
  },
  'alike-and-refused': {
    why: 'paths are normalized before anything else, and every spelling needs the key',
    start: answering((request, response, key) => follows(request, response, key)),
  },
  'public-index': {
    why: 'the address is read by a parser that takes what follows two slashes for the name of a host, and the index is public',
    start: answering((request, response, key) => {
      const { pathname } = new URL(request.url ?? '', 'http://here');
      if (pathname === '/') response.writeHead(200, { 'Content-Type': contentType }).end('{"name":"api","version":"1"}');
      else if (bringsKey(request, key)) response.writeHead(200, { 'Content-Type': contentType }).end('{"items":[]}');
      else follows(request, response, key);
    }),
  },
  'firewall-for-odd-paths': {
    why: 'a firewall that knows attacks by their paths, and answers each in its own way or not at all',
    settings: impatient,
    start: answering((request, response, key) => {
      const path = pathOf(request);
      if (/%2f$/i.test(path)) return;
      if (path.startsWith('//')) return void request.socket.destroy();
      if (/%/.test(path)) return void response.writeHead(403, { 'cf-mitigated': 'challenge' }).end();
      if (path.startsWith('/.')) return void response.writeHead(423).end();
      if (/[A-Z]/.test(path)) return void response.writeHead(429, { 'Retry-After': '5' }).end();
      if (path.endsWith('/')) return void response.writeHead(503).end();
      follows(request, response, key);
    }),
  },
});
