/** Through which proxy a host is asked: `HTTPS_PROXY` and `NO_PROXY`, read as curl reads them. */
import { isLoopback } from './loopback.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Undefined: none. A key is in a proxy's hands unless it goes through a TLS tunnel, so plain http has none, and loopback has none either.
 * @throws Error in a sentence where a proxy is named in a way that cannot be meant. It may hold a password, so it is not repeated.
 */
export function proxyFor(base: URL, env: Env): URL | undefined {
  if (base.protocol !== 'https:' || isLoopback(base.hostname)) return undefined;
  const [name, value] = firstSet(env, 'https_proxy', 'HTTPS_PROXY');
  const [, exceptions = ''] = firstSet(env, 'no_proxy', 'NO_PROXY');
  if (value === undefined || isExcepted(base, exceptions)) return undefined;
  // `proxy.example:3128` has a scheme that nobody wrote.
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !['http:', 'https:'].includes(url.protocol) || url.hostname === '')
    throw new Error(`${name} is no address of a proxy. Write it as http://proxy.example:3128; only proxies that speak HTTP can be used.`);
  return url;
}

/** The first of these that is set and not empty. */
function firstSet(env: Env, ...names: readonly string[]): readonly [name: string, value: string | undefined] {
  const name = names.find((each) => (env[each] ?? '').trim() !== '');
  return name === undefined ? ['', undefined] : [name, env[name]?.trim()];
}

/** `*`, or names with what is below them, with or without a dot in front, with or without a port. */
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
