/**
 * Failure to authenticate
 *
 * Whoever does not send the key is refused, always in the same words. The first test judges whether they are refused, the others how:
 * a refusal in other words is blamed on one of those and nothing else.
 */
import { judged, test } from './fixtures.ts';

// Other keys, and keys that differ from the right one in a character, in case, in length, in blanks: each under many usernames.
test('bad-key-refused', judged('bad-key-refused'));

// 401 to every bad key.
test('failure-status', judged('failure-status'));

// Of each 401 the content type, its parameter included.
test('failure-content-type', judged('failure-content-type'));

// Of each 401 the body, byte for byte, after content decoding.
test('failure-body', judged('failure-body'));

// The rest of what the page shows is an example: a difference is noted.
test('failure-headers', judged('failure-headers'));
