/**
 * API key
 *
 * One key authenticates every call to every product to which the account is subscribed.
 */
import { keyForAllCalls, keyForAllProducts } from '../src/judge/api-key.ts';
import { judged, products, test } from './fixtures.ts';

// The right key on every configured product. This needs two products, so it belongs to the account.
test('key-for-all-products', { tag: '@account' }, judged(keyForAllProducts));

for (const product of products) {
  // The right key on every resource that may be called with it.
  test(`key-for-all-calls › ${product}`, { tag: `@${product}` }, judged(keyForAllCalls));
}
