/**
 * Resetting your API key
 *
 * A reset gives a new key. A product goes on with the old one until someone logs in to it; from then on it accepts only the new one. The
 * reset was recorded once, from start to end (src/ask/reset.ts); each test judges one part of it.
 */
import { newKeyStarts, oldKeyStops, resetChangesKey, resetNeedsLogin, resetPerProduct } from '../src/judge/reset.ts';
import { judged, products, test } from './fixtures.ts';

// Every reset gives a key that differs from the one before. Keys belong to the account.
test('reset-changes-key', { tag: '@account' }, judged(resetChangesKey));

for (const product of products) {
  // After the reset, before any login: the old key is accepted and the new one refused.
  test(`reset-needs-login › ${product}`, { tag: `@${product}` }, judged(resetNeedsLogin));

  // After a login to one product: the others go on as they were.
  test(`reset-per-product › ${product}`, { tag: `@${product}` }, judged(resetPerProduct));

  // From the moment that the login has been answered: the old key is refused, whatever it worked for, on connections old and new.
  test(`old-key-stops › ${product}`, { tag: `@${product}` }, judged(oldKeyStops));

  // From that moment the new key is accepted, likewise.
  test(`new-key-starts › ${product}`, { tag: `@${product}` }, judged(newKeyStarts));
}
