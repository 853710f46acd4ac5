import { gzipSync } from 'node:zlib';
import { answering, bringsKey, contentType, follows, hosts, namesOldKey, refusal } from '../hosts.ts';

/** Hosts whose answers have other forms. */
export default hosts({
  '204': {
    why: 'a list without entries is answered without content',
    start: answering((request, response, key) =>
      bringsKey(request, key) ? void response.writeHead(204).end() : follows(request, response, key),
    ),
  },
  '202': {
    why: 'the request is queued',
    start: answering((request, response, key) =>
      bringsKey(request, key) ? void response.writeHead(202).end('{}') : follows(request, response, key),
    ),
  },
  chunked: {
    why: 'the length is not known when the headers are sent',
    start: answering((request, response, key) => {
      const letIn = bringsKey(request, key);
      response.writeHead(letIn ? 200 : 401, { 'Content-Type': contentType });
      const body = letIn ? '[]' : refusal;
      response.write(body.slice(0, 1));
      response.end(body.slice(1));
    }),
  },
  'gzip-if-accepted': {
    why: 'refusals are compressed if the client accepts gzip',
    start: answering((request, response, key) => {
      const packs = /gzip/.test(String(request.headers['accept-encoding'] ?? ''));
      if (!packs || bringsKey(request, key)) return follows(request, response, key);
      const body = gzipSync(refusal);
      response.writeHead(401, { 'Content-Type': contentType, 'Content-Encoding': 'gzip', 'Content-Length': body.length }).end(body);
    }),
  },
  'large-lists': {
    why: 'an account with a lot of data: lists of one and a half MiB',
    start: answering((request, response, key) =>
      request.url !== '/flows' && bringsKey(request, key)
        ? void response.writeHead(200, { 'Content-Type': contentType }).end(`[${'"xxxxxxxxxxxxxxxx",'.repeat(80_000)}""]`)
        : follows(request, response, key),
    ),
  },
  'very-large-list': {
    why: 'a list that is longer than the suite reads of any answer',
    start: answering((request, response, key) =>
      request.url === '/fields' && bringsKey(request, key)
        ? void response.writeHead(200, { 'Content-Type': contentType }).end(`[${'"xxxxxxxxxxxxxxxx",'.repeat(600_000)}""]`)
        : follows(request, response, key),
    ),
  },
  'not-served': {
    why: 'a resource that this version does not have; only accepted calls learn that',
    start: answering((request, response, key) =>
      request.url?.startsWith('/destinations') && bringsKey(request, key)
        ? void response.writeHead(404, { 'Content-Type': contentType }).end('{"error":"not found","code":404}')
        : follows(request, response, key),
    ),
  },
  'not-served-to-anyone': {
    why: 'a gateway that has no route for a resource and says so before it checks credentials',
    start: answering((request, response, key) =>
      request.url?.startsWith('/destinations')
        ? void response.writeHead(404, { 'Content-Type': contentType }).end('{"error":"not found","code":404}')
        : follows(request, response, key),
    ),
  },
  'after-a-reset': {
    why: 'the key was reset last week, and the user still knows the old one',
    settings: namesOldKey,
    judged: ['old-key-stops'],
    start: answering(follows),
  },
  'packed-twice-if-accepted': {
    why: 'the host compresses, and so does the proxy in front of it',
    start: answering((request, response, key) => {
      const packs = /gzip/.test(String(request.headers['accept-encoding'] ?? ''));
      if (!packs || bringsKey(request, key)) return follows(request, response, key);
      const body = gzipSync(gzipSync(refusal));
      response.writeHead(401, { 'Content-Type': contentType, 'Content-Encoding': 'gzip, gzip', 'Content-Length': body.length }).end(body);
    }),
  },
  'no-head': {
    why: 'a router that supports only GET; only accepted calls learn that',
    start: answering((request, response, key) =>
      request.method === 'HEAD' && bringsKey(request, key)
        ? void response.writeHead(405, { Allow: 'GET' }).end()
        : follows(request, response, key),
    ),
  },
  'too-large-is-400': {
    why: 'a parser that answers 400 where others answer 431',
    start: answering((request, response, key) =>
      (request.headers.authorization ?? '').length > 4000
        ? void response.writeHead(400, { 'Content-Type': contentType, Connection: 'close' }).end('{"error":"bad request","code":400}')
        : follows(request, response, key),
    ),
  },
  'gzip-for-every-answer': {
    why: 'all answers are compressed, lists and refusals',
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
