/** One request and what came of it, as plain data without a secret: it can be stored, sent to another process, attached to a report. */

/** Why nothing came that can be called an answer. */
export type SilenceCause = 'unreachable' | 'tls' | 'proxy' | 'timeout' | 'malformed';

export interface Exchange {
  /** When the request was started, in ms on the monotonic clock of the run. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Tells connections apart: the local port, or undefined where none came to be. */
  readonly connection: number | undefined;
  /** The connection had carried a request before this one, so that the host may have been about to close it. */
  readonly reusedConnection: boolean;
  readonly request: {
    readonly method: string;
    /** Without user, password and query values that are secret. */
    readonly url: string;
    /** The credentials as a report names them: `Basic API : key, last character changed`. No header value stands in an exchange. */
    readonly credentials: string;
    /** All other headers that were set, in their order. */
    readonly headers: readonly (readonly [name: string, value: string])[];
    readonly body?: string;
    /** The request carries the key, or a run of 12 of its characters, so an answer that repeats the request would show it. */
    readonly carriesKeyRun: boolean;
  };
  readonly answer: Response | Silence;
}

export interface Response {
  readonly kind: 'response';
  readonly status: number;
  /** The reason phrase, empty where there is none (RFC 9112 section 4 lets a server leave it out). */
  readonly reason: string;
  /** As received: order, casing and repetition kept; secrets masked. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** After content decoding, secrets masked. Empty for answers that were accepted: what an account holds is nobody's business. */
  readonly body: string;
  /** Bytes of the body after content decoding, those that were not kept among them; of one that is cut, those that were looked at. */
  readonly bodyBytes: number;
  /** There was more of the body: reading it ended after 8 MiB, unpacking it after 1 MiB. It counts as a whole answer. */
  readonly cut?: true;
  /** Facts about the body, taken before it was dropped. */
  readonly shape: {
    /** `text/html`, or a body that begins like a document. */
    readonly html: boolean;
    /** A JSON object whose only member is `error`. */
    readonly onlyError: boolean;
    /** The status is one that the operation declares as answered after authentication, and the body is the declared one. */
    readonly declared: boolean;
    /** By its first character, so that it is known of a body that was cut too; undefined for whatever is neither. */
    readonly json: 'object' | 'array' | undefined;
  };
  /** The answer gave back a secret, or a run of 12 of its characters; it is masked in what is kept. */
  readonly revealsKey: boolean;
}

export interface Silence {
  readonly kind: 'silence';
  readonly cause: SilenceCause;
  /** One phrase of ours, from the error's code: `connection refused`. Never the error's own words. */
  readonly detail: string;
}

/** The value of a header, those of repeated ones joined as RFC 9110 section 5.3 says; undefined where it is missing. */
export function headerOf(response: Response, name: string): string | undefined {
  const values = response.headers.filter(([each]) => each.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}

const mebibyte = 1024 * 1024;

/** How long a body was: `33 bytes`, `more than 8 MiB`. */
export function lengthOf({ bodyBytes, cut }: Pick<Response, 'bodyBytes' | 'cut'>): string {
  const size = cut && bodyBytes % mebibyte === 0 ? `${bodyBytes / mebibyte} MiB` : `${bodyBytes} bytes`;
  return cut ? `more than ${size}` : size;
}
