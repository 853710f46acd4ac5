/**
 * Standards
 *
 * What RFCs and good practice require but the page does not mention. A difference is noted and never changes the verdict.
 */
import { head, keyPrivate, schemeCase, utf8, wwwAuthenticate } from '../src/judge/standards.ts';
import { judged, products, test } from './fixtures.ts';

for (const product of products) {
  // Answers to bad keys do not contain the key.
  test(`key-private › ${product}`, { tag: `@${product}` }, judged(keyPrivate));

  // RFC 9110 section 11.6.1: a 401 carries a challenge.
  test(`rfc9110-www-authenticate › ${product}`, { tag: `@${product}` }, judged(wwwAuthenticate));

  // RFC 7617 section 2: the scheme's name is case-insensitive.
  test(`rfc7617-scheme-case › ${product}`, { tag: `@${product}` }, judged(schemeCase));

  // RFC 7617 section 2.1: if a challenge names a charset, it is UTF-8.
  test(`rfc7617-utf8 › ${product}`, { tag: `@${product}` }, judged(utf8));

  // RFC 9110 section 9.3.2: a HEAD is answered with the header fields of its GET.
  test(`rfc9110-head › ${product}`, { tag: `@${product}` }, judged(head));
}
