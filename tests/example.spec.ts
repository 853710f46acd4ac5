/**
 * Example
 *
 * The page shows a call with curl, and says that a call shown without credentials needs none.
 */
import { documentedCall, publicCall } from '../src/judge/example.ts';
import { judged, products, test } from './fixtures.ts';

for (const product of products) {
  // The call as it is shown; the key is the account's, the host the one that is tested. It is LeadConduit's.
  test(`documented-call › ${product}`, { tag: `@${product}` }, judged(documentedCall));

  // What is documented without credentials, sent without any.
  test(`public-call › ${product}`, { tag: `@${product}` }, judged(publicCall));
}
