/**
 * Standards
 *
 * What RFCs and good practice ask for and the page does not say. A difference is noted and changes no verdict.
 */
import { judged, test } from './fixtures.ts';

// Answers to bad keys do not give back the key.
test('key-private', judged('key-private'));

// RFC 9110 section 11.6.1: a 401 carries a challenge.
test('rfc9110-www-authenticate', judged('rfc9110-www-authenticate'));

// RFC 7617 section 2: the scheme's name is compared without case.
test('rfc7617-scheme-case', judged('rfc7617-scheme-case'));

// RFC 7617 section 2.1: a charset that a challenge names is UTF-8.
test('rfc7617-utf8', judged('rfc7617-utf8'));

// RFC 9110 section 9.3.2: a HEAD is answered with the header fields of its GET.
test('rfc9110-head', judged('rfc9110-head'));
