/**
 * API key
 *
 * One key authenticates every call, to every product that the account is subscribed to.
 */
import { keyForAllCalls, keyForAllProducts } from '../src/judge/api-key.ts';
import { judged, products, test } from './fixtures.ts';

// The right key on every product that is named. It takes two of them, so it belongs to the account.
test('key-for-all-products', { tag: '@account' }, judged(keyForAllProducts));

for (const product of products) {
  // The right key on every resource that it may be tried on.
  test(`key-for-all-calls › ${product}`, { tag: `@${product}` }, judged(keyForAllCalls));
}
