/**
 * Resetting your API key
 *
 * A reset produces a new key. A product keeps accepting the old one until someone logs in to it, and from then on accepts only the new one.
 * The reset was recorded once, from start to end (src/ask/reset.ts); each test judges one part of it.
 */
import { newKeyStarts, oldKeyStops, resetChangesKey, resetNeedsLogin, resetPerProduct } from '../src/judge/reset.ts';
import { judged, products, test } from './fixtures.ts';

// Every reset produces a key that differs from the previous one. Keys belong to the account.
test('reset-changes-key', { tag: '@account' }, judged(resetChangesKey));

for (const product of products) {
  // After the reset and before any login, the old key is accepted and the new one refused.
  test(`reset-needs-login › ${product}`, { tag: `@${product}` }, judged(resetNeedsLogin));

  // After a login to one product, the others are not affected.
  test(`reset-per-product › ${product}`, { tag: `@${product}` }, judged(resetPerProduct));

  // As soon as the login has been answered, the old key is refused for everything it worked for, on old and new connections.
  test(`old-key-stops › ${product}`, { tag: `@${product}` }, judged(oldKeyStops));

  // From that moment the new key is accepted for the same.
  test(`new-key-starts › ${product}`, { tag: `@${product}` }, judged(newKeyStarts));
}
