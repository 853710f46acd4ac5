/** One request and its answer, as plain data without secrets: it can be stored, sent to another process and attached to a report. */

/** Why there was no valid answer. */
export type SilenceCause = 'unreachable' | 'tls' | 'proxy' | 'timeout' | 'malformed';

export interface Exchange {
  /** When the request started, in ms on the monotonic clock of the run. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Identifies the connection: the local port, or undefined if no connection was made. */
  readonly connection: number | undefined;
  /** The connection had carried a request before this one, so the host may have been about to close it. */
  readonly reusedConnection: boolean;
  readonly request: {
    readonly method: string;
    /** Without user, password and secret query values. */
    readonly url: string;
    /** The credentials as reports name them: `Basic API : key, last character changed`. An exchange never holds the header's value. */
    readonly credentials: string;
    /** All other headers that were set, in order. */
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly body?: string;
    /** The request carries the key, or 12 consecutive characters of it, so an answer that repeats the request would show it. */
    readonly carriesKeyRun: boolean;
  };
  readonly answer: Response | Silence;
}

export interface Response {
  readonly kind: 'response';
  readonly status: number;
  /** The reason phrase; empty if there is none (RFC 9112 section 4 allows that). */
  readonly reason: string;
  /** As received, with order, case and repetition kept, and secrets masked. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** After content decoding, with secrets masked. Empty for accepted calls: the account's data is private. */
  readonly body: string;
  /** Bytes of the body after content decoding, including those that were not kept; of a cut body, those that were read. */
  readonly bodyBytes: number;
  /** The body is longer: reading stops after 8 MiB, decompressing after 1 MiB. It counts as a whole answer. */
  readonly cut?: true;
  /** Facts about the body, determined before it was dropped. */
  readonly shape: {
    /** `text/html`, or a body that begins like an HTML document. */
    readonly html: boolean;
    /** A JSON object whose only member is `error`. */
    readonly onlyError: boolean;
    /** The operation declares this status, with this body, as answered after authentication. */
    readonly declared: boolean;
    /** By the first character, so that it is known even if the body was cut; undefined for anything else. */
    readonly json: 'object' | 'array' | undefined;
    /** The body cannot be decoded as its Content-Encoding says; it is kept as received. */
    readonly undecodable?: true;
  };
  /** The answer contained a secret, or 12 consecutive characters of one. It is masked in what is kept. */
  readonly revealsKey: boolean;
}

export interface Silence {
  readonly kind: 'silence';
  readonly cause: SilenceCause;
  /** A phrase of ours for the error's code: `connection refused`. Never the error's own message. */
  readonly detail: string;
}

/** Undefined if there was no answer. */
export const statusOf = ({ answer }: Exchange): number | undefined => (answer.kind === 'response' ? answer.status : undefined);

/** The value of a header; repeated ones are joined as in RFC 9110 section 5.3. Undefined if the header is missing. */
export function headerOf(response: Pick<Response, 'headers'>, name: string): string | undefined {
  const values = response.headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

/** What the answer says about who sent it, as `Server: nginx` and `Via: 1.1 proxy`. */
export const sendersOf = (response: Pick<Response, 'headers'>): readonly string[] =>
  ['Server', 'Via'].flatMap((name) => {
    const value = headerOf(response, name);
    return value === undefined ? [] : [`${name}: ${value}`];
  });

/** Where a redirect leads to; undefined for any other answer. */
export const redirectOf = (response: Pick<Response, 'status' | 'headers'>): string | undefined =>
  response.status >= 300 && response.status < 400 ? headerOf(response, 'location') : undefined;

const mebibyte = 1024 * 1024;

/** The length of a body in words: `33 bytes`, `more than 8 MiB`. */
export function lengthOf({ bodyBytes, cut }: Pick<Response, 'bodyBytes' | 'cut'>): string {
  const size = cut && bodyBytes % mebibyte === 0 ? `${bodyBytes / mebibyte} MiB` : `${bodyBytes} bytes`;
  return cut ? `more than ${size}` : size;
}
