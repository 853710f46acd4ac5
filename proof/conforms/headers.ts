import { answering, bringsKey, byHand, contentType, follows, hosts, refusal } from '../hosts.ts';

/** Adds headers to every answer. */
const adding = (headers: Readonly<Record<string, string | string[]>>, why: string) => ({
  why,
  start: answering((request, response, key) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    follows(request, response, key);
  }),
});

/** Hosts with more headers, or with other spellings of them. */
export default hosts({
  security: adding(
    {
      'Strict-Transport-Security': 'max-age=63072000',
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Content-Security-Policy': "default-src 'none'",
    },
    'helmet, or a proxy that adds security headers',
  ),
  challenge: adding({ 'WWW-Authenticate': 'Basic realm="api", charset="UTF-8"' }, 'RFC 9110 requires it in a 401'),
  cookies: adding({ 'Set-Cookie': ['session=abc; HttpOnly', 'lb=node-3; Path=/'] }, 'a load balancer with sticky sessions'),
  'rate-limits': adding(
    { 'X-RateLimit-Limit': '1000', 'X-RateLimit-Remaining': '999', 'RateLimit-Policy': '1000;w=60' },
    'a gateway with rate limits',
  ),
  'another-etag': adding(
    { ETag: '"5-abcdef"', 'Last-Modified': 'Mon, 01 Jan 2024 00:00:00 GMT' },
    'another framework computes it differently',
  ),
  'cors-and-server': adding(
    { Server: 'openresty', Via: '1.1 varnish', 'Access-Control-Allow-Origin': '*', 'X-Powered-By': 'PHP/8.3' },
    'servers in front identify themselves',
  ),
  'conditional-requests': {
    why: 'entity tags on all answers, and a 304 only with the key: RFC 9110 section 13.2.1 ignores conditions if the answer is a 401',
    start: answering((request, response, key) => {
      const etag = bringsKey(request, key) ? '"accepted"' : '"refused"';
      response.setHeader('ETag', etag);
      const asked = request.headers['if-none-match'];
      if (bringsKey(request, key) && (asked === '*' || asked === etag)) response.writeHead(304).end();
      else follows(request, response, key);
    }),
  },
  'white-space-after-values': {
    why: 'headers come from a template; white space around a value is no part of it (RFC 9110 section 5.5)',
    start: byHand((socket, { status, body }) => {
      const length = status === 401 ? refusal.length : 2;
      socket.write(`HTTP/1.1 ${status} Some\r\nContent-Type:\t${contentType} \t \r\nContent-Length: ${length} \r\n\r\n${body}`);
    }),
  },
  'no-reason-phrase': {
    why: 'HTTP/2 has none, and the proxy that translates it does not add one',
    start: answering((request, response, key) => {
      response.statusMessage = ' ';
      response.sendDate = false;
      follows(request, response, key);
    }),
  },
  'other-case-and-order': {
    why: 'a proxy that changes the case and order of headers',
    start: answering((request, response, key) => {
      const letIn = bringsKey(request, key);
      const body = letIn ? '[]' : refusal;
      response
        .writeHead(letIn ? 200 : 401, ['vary', 'Accept', 'content-length', String(body.length), 'CONTENT-TYPE', contentType])
        .end(body);
    }),
  },
});
