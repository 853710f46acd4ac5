/**
 * Failure to authenticate
 *
 * Whoever does not send the key is refused, always in the same words. The first test judges whether they are refused, the others how:
 * a refusal in other words is blamed on one of those and nothing else.
 */
import { badKeyRefused, failureBody, failureContentType, failureHeaders, failureStatus } from '../src/judge/failure.ts';
import { judged, products, test } from './fixtures.ts';

for (const product of products) {
  // Other keys, and keys that differ from the right one in a character, in case, in length, in blanks: each under many usernames.
  test(`bad-key-refused › ${product}`, { tag: `@${product}` }, judged(badKeyRefused));

  // 401 to every bad key.
  test(`failure-status › ${product}`, { tag: `@${product}` }, judged(failureStatus));

  // Of each 401 the content type, its parameter included.
  test(`failure-content-type › ${product}`, { tag: `@${product}` }, judged(failureContentType));

  // Of each 401 the body, byte for byte, after content decoding.
  test(`failure-body › ${product}`, { tag: `@${product}` }, judged(failureBody));

  // The rest of what the page shows is an example: a difference is noted.
  test(`failure-headers › ${product}`, { tag: `@${product}` }, judged(failureHeaders));
}
