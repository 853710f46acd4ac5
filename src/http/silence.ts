/** What a network error means. Only its code is used: the error's message and fields may contain what was sent. */
import type { SilenceCause } from '../recording/exchange.ts';

const byCode: Readonly<Record<string, readonly [SilenceCause, string]>> = {
  ENOTFOUND: ['unreachable', 'unknown host name'],
  EAI_AGAIN: ['unreachable', 'the host name could not be looked up'],
  ECONNREFUSED: ['unreachable', 'connection refused'],
  ECONNRESET: ['unreachable', 'connection reset'],
  EPIPE: ['unreachable', 'connection closed'],
  UND_ERR_SOCKET: ['unreachable', 'connection closed before the answer'],
  EHOSTUNREACH: ['unreachable', 'no route to the host'],
  ENETUNREACH: ['unreachable', 'no route to the network'],
  EADDRNOTAVAIL: ['unreachable', 'no local address to connect from'],
  ETIMEDOUT: ['timeout', 'the connection timed out'],
  UND_ERR_CONNECT_TIMEOUT: ['timeout', 'the connection timed out'],
  UND_ERR_HEADERS_OVERFLOW: ['malformed', 'the headers of the answer are too large'],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['malformed', 'the answer is shorter or longer than its Content-Length'],
  UND_ERR_PRX_TLS: ['proxy', 'the certificate of the proxy is for another name'],
  EPROTO: ['tls', 'the server does not speak TLS'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['tls', 'the server does not speak TLS'],
};

const tlsCode = /^(ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|HOSTNAME_MISMATCH|CRL_|INVALID_CA)/;

/** The status with which a proxy refused the tunnel. The error has no code for that. */
const tunnelRefusal = (error: Error): string | undefined => /^Proxy response \((\d{3})\)/.exec(error.message)?.[1];

/**
 * @param broken Part of the answer was received before the error.
 * @param proxied The connection was to go through a proxy and could not be made.
 */
export function silenceOf(error: unknown, broken: boolean, proxied: boolean): { cause: SilenceCause; detail: string } {
  if (!(error instanceof Error)) return { cause: 'malformed', detail: 'the exchange failed' };
  const refusal = tunnelRefusal(error);
  if (refusal !== undefined) return { cause: 'proxy', detail: `the proxy refused the tunnel (${refusal})` };
  const causes = causesOf(error);
  if (causes.some(({ name }) => name === 'HTTPParserError')) return { cause: 'malformed', detail: 'the answer is not valid HTTP' };
  // undici's words for that status, which it cannot read past (RFC 9110 section 15.2.1).
  if (causes.some(({ message }) => message === 'bad response'))
    return { cause: 'malformed', detail: 'a 100 Continue that was not asked for' };
  const code = causes.map(codeOf).find((each) => each !== '') ?? '';
  if (!(code in byCode) && tlsCode.test(code)) return { cause: 'tls', detail: `TLS failed (${code})` };
  const [cause, detail] = byCode[code] ?? ['malformed', code === '' ? 'the exchange failed' : `the exchange failed (${code})`];
  // Some errors say themselves what is wrong with the answer.
  if (broken && cause !== 'timeout' && byCode[code]?.[0] !== 'malformed') return { cause: 'malformed', detail: 'the answer is incomplete' };
  return proxied && cause === 'unreachable' ? { cause: 'proxy', detail: `proxy: ${detail}` } : { cause, detail };
}

const codeOf = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');

/** An error and what caused it. If several addresses were tried (RFC 8305), an AggregateError holds one error for each; the first is enough. */
function causesOf(error: Error): readonly Error[] {
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return [error, ...(inner instanceof Error ? causesOf(inner) : [])];
}
