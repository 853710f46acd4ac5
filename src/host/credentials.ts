/** HTTP Basic (RFC 7617 section 2), read strictly. */

export interface Credentials {
  /** All that stands before the first colon; may be empty. */
  readonly username: string;
  /** All that stands after it, further colons among it. */
  readonly password: string;
}

/** `credentials` of RFC 9110 section 11.4: the scheme in any case, one blank or more, and one token. */
const basic = /^basic +([a-z0-9+/]+={0,2})$/i;

/** What an Authorization header says, in UTF-8; undefined for whatever is not Basic, not base64 to the last bit, or without a colon. */
export function parseBasic(authorization: string | undefined): Credentials | undefined {
  const encoded = basic.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded ? pair(bytes.toString('utf8')) : undefined;
}

/** User-id and password, split at the first colon; undefined where there is none. */
export function pair(text: string): Credentials | undefined {
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
