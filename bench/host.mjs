/** A host that follows the page, as fast as Node.js can. Records the number of requests and the times of the first and the last. */
import { createServer } from 'node:http';

const refusal = '{"error":"authentication failed"}';

/** `delayMs`: delay of each answer. `broken`: its refusals have another type and body, it refuses usernames in capitals, and it accepts the key as a bearer token. */
export async function startHost(key, { delayMs = 0, broken = false } = {}) {
  const seen = { requests: 0, first: undefined, last: undefined };
  const server = createServer((request, response) => {
    seen.requests += 1;
    seen.first ??= performance.now();
    const authorization = request.headers.authorization ?? '';
    const pair = Buffer.from(authorization.replace(/^basic +/i, ''), 'base64').toString();
    const isKey = /^basic /i.test(authorization) && pair.includes(':') && pair.slice(pair.indexOf(':') + 1) === key;
    const isLetIn = broken ? (isKey && !/^[A-Z]{2,}:/.test(pair)) || authorization === `Bearer ${key}` : isKey;
    const [type, body] = broken ? ['application/json', '{"error":"no"}'] : ['application/json; charset=utf-8', refusal];
    const answer = () => {
      seen.last = performance.now();
      if (isLetIn) response.writeHead(200, { 'Content-Type': 'application/json' }).end(request.method === 'HEAD' ? undefined : '[]');
      else
        response.writeHead(401, { 'Content-Type': type, 'Content-Length': body.length }).end(request.method === 'HEAD' ? undefined : body);
    };
    if (delayMs > 0) setTimeout(answer, delayMs);
    else answer();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    seen,
    forget: () => Object.assign(seen, { requests: 0, first: undefined, last: undefined }),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
