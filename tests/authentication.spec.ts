/**
 * Authentication
 *
 * Every documented call needs credentials unless the documentation says otherwise. The scheme is HTTP Basic: the key stands in the
 * password's place, and the username is ignored.
 */
import { judged, test } from './fixtures.ts';

// Nothing, an empty header, a scheme without credentials: on every resource.
test('auth-required', judged('auth-required'));

// The key in another scheme, or in Basic without its base64.
test('basic-scheme', judged('basic-scheme'));

// The key where the username belongs, or where no password is.
test('key-as-password', judged('key-as-password'));

// The right key under every username of the table, and on every resource under another one.
test('username-ignored', judged('username-ignored'));
