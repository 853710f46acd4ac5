import type { IncomingMessage, ServerResponse } from 'node:http';
import { router } from '../../src/host/route.ts';
import { loadProduct } from '../../src/specifications/load.ts';
import { answering, bringsKey, contentType, follows, hosts, impatient } from '../hosts.ts';

const route = router(loadProduct('leadconduit').operations);
const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0] ?? '';
const isDocumented = (method: string, path: string): boolean => route(method, path).operation !== undefined;

/** Follows the page on documented paths, with `body` for accepted calls; answers all other paths without checking credentials. */
const onOtherPaths = (otherwise: (request: IncomingMessage, response: ServerResponse) => void, body = '[]') =>
  answering((request, response, key) => {
    if (!isDocumented(request.method ?? '', pathOf(request))) otherwise(request, response);
    else if (bringsKey(request, key)) response.writeHead(200, { 'Content-Type': contentType }).end(body);
    else follows(request, response, key);
  });

const always = (status: number, type: string, body: string) => (_request: IncomingMessage, response: ServerResponse) =>
  void response.writeHead(status, { 'Content-Type': type }).end(body);

/** The only spelling of a path that the server supports. */
const canonical = (path: string): string =>
  decodeURIComponent(path)
    .replaceAll(/(\/\.)?\/+/g, '/')
    .replace(/(?<=.)\/$/, '')
    .toLowerCase();

/** Hosts that answer other spellings of a path in their own way, but serve no resource there without the key. */
export default hosts({
  'not-found': {
    why: 'paths must match exactly, and unknown paths are 404 with or without the key',
    start: onOtherPaths(always(404, contentType, '{"error":"not found","code":404}')),
  },
  redirects: {
    why: 'each resource has one URL, and other spellings redirect to it',
    start: onOtherPaths((request, response) => void response.writeHead(308, { Location: canonical(pathOf(request)) }).end()),
  },
  'application-shell': {
    why: 'a single-page application is served at every URL that is not a resource',
    start: onOtherPaths(always(200, 'text/html; charset=utf-8', '<!doctype html><title>App</title>')),
  },
  'application-shell-without-a-type': {
    why: 'a single-page application, from a server that labels everything as JSON',
    start: onOtherPaths(always(200, contentType, '<!doctype html><title>App</title>')),
  },
  'same-list-everywhere': {
    why: 'a mock that answers unknown paths with an empty list',
    start: onOtherPaths(always(200, contentType, '[]')),
  },
  'same-object-everywhere': {
    why: 'a mock that answers unknown paths with an empty object',
    start: onOtherPaths(always(200, contentType, '{}'), '{"items":[]}'),
  },
  'health-everywhere': {
    why: 'a sidecar that answers every URL that it does not forward with its own health',
    start: onOtherPaths(always(200, contentType, '{"status":"ok","uptime":1}'), '{"items":[],"total":0}'),
  },
  'nothing-everywhere': {
    why: 'a server that answers every other URL with 204 and no content',
    start: onOtherPaths((_request, response) => void response.writeHead(204).end(), '[]'),
  },
  'error-with-200': {
    why: 'a missing resource is a 200 with an error in the body',
    start: onOtherPaths(always(200, contentType, '{"error":"no such resource"}'), '{"items":[]}'),
  },
  'normalized-and-refused': {
    why: 'paths are normalized first, and every spelling needs the key',
    start: answering((request, response, key) => follows(request, response, key)),
  },
  'public-index': {
    why: 'the URL parser takes the part after two slashes for a host name, and the index is public',
    start: answering((request, response, key) => {
      const { pathname } = new URL(request.url ?? '', 'http://here');
      if (pathname === '/') response.writeHead(200, { 'Content-Type': contentType }).end('{"name":"api","version":"1"}');
      else if (bringsKey(request, key)) response.writeHead(200, { 'Content-Type': contentType }).end('{"items":[]}');
      else follows(request, response, key);
    }),
  },
  'firewall-for-odd-paths': {
    why: 'a firewall that recognizes attacks by their paths, and answers each differently or not at all',
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
