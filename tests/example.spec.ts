/**
 * Example
 *
 * The page shows a curl call, and says that a call shown without credentials needs none.
 */
import { documentedCall, publicCall } from '../src/judge/example.ts';
import { judged, products, test } from './fixtures.ts';

for (const product of products) {
  // The call as shown, with the account's key and the tested host. It is a call to one of the products.
  test(`documented-call › ${product}`, { tag: `@${product}` }, judged(documentedCall));

  // Calls that are documented without credentials, sent without any.
  test(`public-call › ${product}`, { tag: `@${product}` }, judged(publicCall));
}
