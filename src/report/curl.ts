/** The call behind a finding as a curl line for a shell, if it can be written without a key. */
import type { Exchange } from '../recording/exchange.ts';
import { quoted } from './called.ts';
import { subjectOf } from './subject.ts';

/** Headers that curl writes itself, or that do not matter to the host. */
const omittedHeaders = new Set(['user-agent', 'connection', 'host', 'content-length', 'accept-encoding']);

/**
 * Undefined where the line would need a wrong key or a username that is shown by its length only. The key stands in the line as
 * `$ACTIVEPROSPECT_API_KEY`.
 */
export function curlLine(evidence: readonly Exchange[]): string | undefined {
  const exchange = subjectOf(evidence);
  const user = exchange && userOption(exchange.request.credentials);
  if (exchange === undefined || user === undefined) return undefined;
  const { method, url, headers, body } = exchange.request;
  const options = [
    'curl -i',
    ...(/[[\]{}]/.test(url) ? ['--globoff'] : []),
    ...(/\/\.{1,2}(\/|$)/.test(url.replace(/\?.*$/s, '')) ? ['--path-as-is'] : []),
    ...(method === 'GET' ? [] : method === 'HEAD' ? ['--head'] : [`-X ${quoted(method)}`]),
    ...(user === '' ? [] : [user]),
    ...headers.filter(([name]) => !omittedHeaders.has(name.toLowerCase())).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`--data-raw ${quoted(body)}`]),
    quoted(url),
  ];
  return options.join(' ');
}

const key = '$ACTIVEPROSPECT_API_KEY';

function userOption(credentials: string): string | undefined {
  if (credentials === 'none') return '';
  const username = /^Basic (.+) : key$/su.exec(credentials)?.[1];
  if (username === undefined || isAbbreviated(username)) return undefined;
  const name = username === '(empty)' ? '' : withoutMarks(username);
  return /^[\w.@+-]*$/.test(name) ? `-u "${name}:${key}"` : `-u ${quoted(name)}":${key}"`;
}

/** The shown name is not the username itself: a length, escaped characters, the word for the key. */
const isAbbreviated = (username: string): boolean => /^\(.* bytes\)$|\\u\{|^key$|:/u.test(username);

/** Usernames that begin or end with a blank are shown in quotation marks. */
const withoutMarks = (username: string): string => (/^"( .*|.* )"$/su.test(username) ? username.slice(1, -1) : username);
