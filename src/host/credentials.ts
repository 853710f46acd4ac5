/** HTTP Basic (RFC 7617 section 2), parsed strictly. */

export interface Credentials {
  /** Everything before the first colon; may be empty. */
  readonly username: string;
  /** Everything after it, including any further colons. */
  readonly password: string;
}

/** `credentials` of RFC 9110 section 11.4: the scheme in any case, one or more spaces, and a token. */
const basic = /^basic +([a-z0-9+/]+={0,2})$/i;

/** The credentials in an Authorization header, as UTF-8; undefined if it is not Basic, not strict base64, or has no colon. */
export function parseBasic(authorization: string | undefined): Credentials | undefined {
  const encoded = basic.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded ? pair(bytes.toString('utf8')) : undefined;
}

/** Username and password, split at the first colon; undefined if there is no colon. */
export function pair(text: string): Credentials | undefined {
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
