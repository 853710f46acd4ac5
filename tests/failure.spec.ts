/**
 * Failure to authenticate
 *
 * A call without the key is refused, always with the same answer. The first test judges whether such calls are refused, the others how:
 * a refusal that looks different violates one of those and nothing else.
 */
import { badKeyRefused, failureBody, failureContentType, failureHeaders, failureStatus } from '../src/judge/failure.ts';
import { judged, products, test } from './fixtures.ts';

for (const product of products) {
  // Other keys, and keys that differ from the right one in a character, in case, in length or in spaces, each with many usernames.
  test(`bad-key-refused › ${product}`, { tag: `@${product}` }, judged(badKeyRefused));

  // Every bad key gets a 401.
  test(`failure-status › ${product}`, { tag: `@${product}` }, judged(failureStatus));

  // The content type of each 401, including its parameter.
  test(`failure-content-type › ${product}`, { tag: `@${product}` }, judged(failureContentType));

  // The body of each 401, byte for byte, after content decoding.
  test(`failure-body › ${product}`, { tag: `@${product}` }, judged(failureBody));

  // The rest of the page's answer is only an example, so a difference is noted.
  test(`failure-headers › ${product}`, { tag: `@${product}` }, judged(failureHeaders));
}
