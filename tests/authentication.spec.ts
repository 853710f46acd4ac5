/**
 * Authentication
 *
 * Every documented call needs credentials unless the documentation says otherwise. The scheme is HTTP Basic: the key stands in the
 * password's place, and the username is ignored.
 */
import { authRequired, basicScheme, keyAsPassword, usernameIgnored } from '../src/judge/authentication.ts';
import { judged, products, test } from './fixtures.ts';

for (const product of products) {
  // Nothing, an empty header, a scheme without credentials: on every resource.
  test(`auth-required › ${product}`, { tag: `@${product}` }, judged(authRequired));

  // The key in another scheme, or in Basic without its base64.
  test(`basic-scheme › ${product}`, { tag: `@${product}` }, judged(basicScheme));

  // The key where the username belongs, or where no password is.
  test(`key-as-password › ${product}`, { tag: `@${product}` }, judged(keyAsPassword));

  // The right key under every username of the table, and on every resource under another one.
  test(`username-ignored › ${product}`, { tag: `@${product}` }, judged(usernameIgnored));
}
