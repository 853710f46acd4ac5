/**
 * API key
 *
 * One key authenticates every call, to every product that the account is subscribed to.
 */
import { judged, test } from './fixtures.ts';

// The right key on every resource that it may be tried on.
test('key-for-all-calls', judged('key-for-all-calls'));

// The right key on every product that is named. It takes two of them, so it belongs to the account.
test('key-for-all-products', { tag: '@account' }, judged('key-for-all-products'));
