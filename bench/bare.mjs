/** A client that keeps one connection open and checks status, type and body: the cost of the requests themselves. `node bare.mjs URL CHECKS`. */
import { Client } from 'undici';

const [url, checks] = process.argv.slice(2);
const client = new Client(url);
for (let index = 0; index < Number(checks); index++) {
  const authorization = `Basic ${Buffer.from(`X:wrong-${index}`).toString('base64')}`;
  const { statusCode, headers, body } = await client.request({
    method: 'GET',
    path: '/flows',
    headers: { authorization, accept: 'application/json' },
  });
  const text = await body.text();
  if (statusCode !== 401 || headers['content-type'] !== 'application/json; charset=utf-8' || text !== '{"error":"authentication failed"}')
    throw new Error(`check ${index} failed`);
}
await client.close();
