/** A host that follows the page, as fast as Node.js is. Tells when it was first asked and when last, and how often. */
import { createServer } from 'node:http';

const refusal = '{"error":"authentication failed"}';

/** `delayMs`: before each answer. */
export async function startHost(key, delayMs = 0) {
  const seen = { requests: 0, first: undefined, last: undefined };
  const server = createServer((request, response) => {
    seen.requests += 1;
    seen.first ??= performance.now();
    const pair = Buffer.from((request.headers.authorization ?? '').replace(/^basic +/i, ''), 'base64').toString();
    const isLetIn = /^basic /i.test(request.headers.authorization ?? '') && pair.includes(':') && pair.slice(pair.indexOf(':') + 1) === key;
    const answer = () => {
      seen.last = performance.now();
      if (isLetIn) response.writeHead(200, { 'Content-Type': 'application/json' }).end(request.method === 'HEAD' ? undefined : '[]');
      else
        response
          .writeHead(401, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': refusal.length })
          .end(request.method === 'HEAD' ? undefined : refusal);
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
