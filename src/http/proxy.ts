/** Which proxy is used for a host: `HTTPS_PROXY` and `NO_PROXY`, interpreted as curl does. */
import { isLoopback } from '../loopback.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Undefined if no proxy is used. Outside a TLS tunnel a proxy would see the key, so plain http uses none; neither does loopback.
 * @throws Error if the proxy's address is invalid. The message does not repeat the address, which may hold a password.
 */
export function proxyFor(base: URL, env: Env): URL | undefined {
  if (base.protocol !== 'https:' || isLoopback(base.hostname)) return undefined;
  const [name, value] = firstSet(env, 'https_proxy', 'HTTPS_PROXY');
  const [, exceptions = ''] = firstSet(env, 'no_proxy', 'NO_PROXY');
  if (value === undefined || isExcepted(base, exceptions)) return undefined;
  // `proxy.example:3128` would be parsed as a URL with the scheme `proxy.example:`.
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.hostname === '')
    throw new Error(`${name} is not the address of an HTTP proxy. Write it as http://proxy.example:3128; other kinds are not supported.`);
  return url;
}

/** The first of these variables that is set and not empty. */
function firstSet(env: Env, ...names: readonly string[]): readonly [name: string, value: string | undefined] {
  const name = names.find((each) => (env[each] ?? '').trim() !== '');
  return name === undefined ? ['', undefined] : [name, env[name]?.trim()];
}

/** An exception is `*`, or a name that includes its subdomains, with or without a leading dot and a port. */
function isExcepted(base: URL, exceptions: string): boolean {
  const host = base.hostname.toLowerCase().replace(/\.$/, '');
  const port = base.port === '' ? '443' : base.port;
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((each) => each !== '')
    .some((each) => {
      if (each === '*') return true;
      const [, name = '', only] = /^(.*?)(?::(\d+))?$/.exec(each) ?? [];
      const bare = name.replace(/^\*?\./, '').replace(/\.$/, '');
      return (only === undefined || only === port) && (host === bare || host.endsWith(`.${bare}`));
    });
}
