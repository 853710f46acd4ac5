/**
 * Authentication
 *
 * Every documented call needs credentials unless the documentation says otherwise. The scheme is HTTP Basic: the key is the password, and
 * the username is ignored.
 */
import { authRequired, basicScheme, keyAsPassword, usernameIgnored } from '../src/judge/authentication.ts';
import { judged, products, test } from './fixtures.ts';

for (const product of products) {
  // No header, an empty one, and a scheme without credentials, on every resource.
  test(`auth-required › ${product}`, { tag: `@${product}` }, judged(authRequired));

  // The key in another scheme, or in Basic without its base64.
  test(`basic-scheme › ${product}`, { tag: `@${product}` }, judged(basicScheme));

  // The key as the username, or without a colon.
  test(`key-as-password › ${product}`, { tag: `@${product}` }, judged(keyAsPassword));

  // The right key with every username in the table, and on every resource with a different one.
  test(`username-ignored › ${product}`, { tag: `@${product}` }, judged(usernameIgnored));
}
