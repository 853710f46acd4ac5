import { gzipSync } from 'node:zlib';
import { answering, bringsKey, contentType, follows, hosts, namesOldKey, refusal } from '../hosts.ts';

/** Hosts whose answers come in other forms. */
export default hosts({
  '204': {
    why: 'there is nothing to list',
    start: answering((request, response, key) =>
      bringsKey(request, key) ? void response.writeHead(204).end() : follows(request, response, key),
    ),
  },
  '202': {
    why: 'what was asked for is queued',
    start: answering((request, response, key) =>
      bringsKey(request, key) ? void response.writeHead(202).end('{}') : follows(request, response, key),
    ),
  },
  chunked: {
    why: 'the length is not known when the head goes out',
    start: answering((request, response, key) => {
      const letIn = bringsKey(request, key);
      response.writeHead(letIn ? 200 : 401, { 'Content-Type': contentType });
      const body = letIn ? '[]' : refusal;
      response.write(body.slice(0, 1));
      response.end(body.slice(1));
    }),
  },
  'gzip-when-welcome': {
    why: 'compression for whoever says that they can unpack',
    start: answering((request, response, key) => {
      const packs = /gzip/.test(String(request.headers['accept-encoding'] ?? ''));
      if (!packs || bringsKey(request, key)) return follows(request, response, key);
      const body = gzipSync(refusal);
      response.writeHead(401, { 'Content-Type': contentType, 'Content-Encoding': 'gzip', 'Content-Length': body.length }).end(body);
    }),
  },
  'large-lists': {
    why: 'an account with a lot in it: lists of a mebibyte and a half',
    start: answering((request, response, key) =>
      request.url !== '/flows' && bringsKey(request, key)
        ? void response.writeHead(200, { 'Content-Type': contentType }).end(`[${'"xxxxxxxxxxxxxxxx",'.repeat(80_000)}""]`)
        : follows(request, response, key),
    ),
  },
  'very-large-list': {
    why: 'a list that is longer than is read of any answer',
    start: answering((request, response, key) =>
      request.url === '/fields' && bringsKey(request, key)
        ? void response.writeHead(200, { 'Content-Type': contentType }).end(`[${'"xxxxxxxxxxxxxxxx",'.repeat(600_000)}""]`)
        : follows(request, response, key),
    ),
  },
  'not-served': {
    why: 'a resource that this version does not have, for whoever may know',
    start: answering((request, response, key) =>
      request.url?.startsWith('/destinations') && bringsKey(request, key)
        ? void response.writeHead(404, { 'Content-Type': contentType }).end('{"error":"not found","code":404}')
        : follows(request, response, key),
    ),
  },
  'not-there-for-anybody': {
    why: 'a gateway that has no route for it, and says so before it looks at credentials',
    start: answering((request, response, key) =>
      request.url?.startsWith('/destinations')
        ? void response.writeHead(404, { 'Content-Type': contentType }).end('{"error":"not found","code":404}')
        : follows(request, response, key),
    ),
  },
  'after-a-reset': {
    why: 'the key was reset last week, and the user still knows the one from before',
    settings: namesOldKey,
    judged: ['old-key-stops'],
    start: answering(follows),
  },
  'no-head': {
    why: 'a router that knows GET and nothing else, and says so to whoever may know',
    start: answering((request, response, key) =>
      request.method === 'HEAD' && bringsKey(request, key)
        ? void response.writeHead(405, { Allow: 'GET' }).end()
        : follows(request, response, key),
    ),
  },
  'too-large-is-400': {
    why: 'a parser that says 400 where others say 431',
    start: answering((request, response, key) =>
      (request.headers.authorization ?? '').length > 4000
        ? void response.writeHead(400, { 'Content-Type': contentType, Connection: 'close' }).end('{"error":"bad request","code":400}')
        : follows(request, response, key),
    ),
  },
  'gzip-for-everybody-who-can': {
    why: 'compression of all that is answered, lists and refusals',
    start: answering((request, response, key) => {
      if (!/gzip/.test(String(request.headers['accept-encoding'] ?? ''))) return follows(request, response, key);
      const letIn = bringsKey(request, key);
      const body = gzipSync(letIn ? '[]' : refusal);
      response
        .writeHead(letIn ? 200 : 401, { 'Content-Type': contentType, 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' })
        .end(request.method === 'HEAD' ? '' : body);
    }),
  },
});
