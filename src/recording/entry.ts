/**
 * An exchange as an entry of an HTTP archive (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/). Data for which HAR has no member
 * is in members that begin with an underscore, as HAR allows.
 */
import { type Exchange, headerOf, type Response, type Silence } from './exchange.ts';

/** A header or a parameter, in HAR's form. */
export interface NameValue {
  readonly name: string;
  readonly value: string;
  /** The value describes the credentials and is not what was sent. It is there for people who view the file. */
  readonly _symbolic?: true;
}

export interface HarEntry {
  /** On the wall clock, ISO 8601. */
  readonly startedDateTime: string;
  /** The duration of the whole exchange, in ms. */
  readonly time: number;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly httpVersion: string;
    readonly cookies: readonly [];
    readonly headers: readonly NameValue[];
    readonly queryString: readonly NameValue[];
    /** -1: not known. */
    readonly headersSize: -1;
    /** In bytes. */
    readonly bodySize: number;
    readonly postData?: { readonly mimeType: string; readonly params: readonly []; readonly text: string };
    readonly _carriesKeyRun?: true;
  };
  readonly response: HarResponse;
  readonly cache: Readonly<Record<string, never>>;
  /** In ms. Only the whole exchange was measured. */
  readonly timings: { readonly send: 0; readonly wait: number; readonly receive: 0 };
  /** The local port. Successive connections may have the same one. */
  readonly connection?: string;
  /** When the request started, in ms on the monotonic clock of the run. */
  readonly _startedAt: number;
  readonly _reusedConnection?: true;
}

interface HarResponse {
  /** 0 if there was no answer. */
  readonly status: number;
  readonly statusText: string;
  readonly httpVersion: string;
  readonly cookies: readonly [];
  readonly headers: readonly NameValue[];
  readonly content: {
    /** Bytes after content decoding, including those that were not kept. */
    readonly size: number;
    readonly mimeType: string;
    /** Absent if the body is empty or was dropped. */
    readonly text?: string;
  };
  readonly redirectURL: string;
  /** -1: not known. */
  readonly headersSize: -1;
  readonly bodySize: -1;
  /** Absent if there was no answer. A member that is false is left out. */
  readonly _answer?: {
    readonly cut?: true;
    readonly html?: true;
    readonly onlyError?: true;
    readonly declared?: true;
    readonly json?: 'object' | 'array';
    readonly undecodable?: true;
    readonly revealsKey?: true;
  };
  /** Why there was no answer. */
  readonly _silence?: { readonly cause: Silence['cause']; readonly detail: string };
}

/** The version that the client uses; the version of the answer is not recorded. */
const httpVersion = 'HTTP/1.1';

/** How reports label a call without an Authorization header. */
const noCredentials = 'none';

/** `clockZero`: the wall clock at 0 of the monotonic clock, in ms since 1970. */
export function entryOf({ startedAt, durationMs, connection, reusedConnection, request, answer }: Exchange, clockZero: number): HarEntry {
  const { method, url, credentials, headers, body, carriesKeyRun } = request;
  return {
    startedDateTime: new Date(clockZero + startedAt).toISOString(),
    time: durationMs,
    request: {
      method,
      url,
      httpVersion,
      cookies: [],
      headers: [
        ...headers.map(nameValue),
        ...(credentials === noCredentials ? [] : [{ name: 'Authorization', value: credentials, _symbolic: true } as const]),
      ],
      queryString: queryOf(url),
      headersSize: -1,
      bodySize: Buffer.byteLength(body ?? ''),
      ...(body === undefined ? {} : { postData: { mimeType: 'application/json', params: [], text: body } }),
      ...(carriesKeyRun ? { _carriesKeyRun: true } : {}),
    },
    response: answer.kind === 'silence' ? noResponse(answer) : responseOf(answer),
    cache: {},
    timings: { send: 0, wait: durationMs, receive: 0 },
    ...(connection === undefined ? {} : { connection: String(connection) }),
    _startedAt: startedAt,
    ...(reusedConnection ? { _reusedConnection: true } : {}),
  };
}

function responseOf(answer: Response): HarResponse {
  const { status, reason, headers, body, bodyBytes, cut, shape, revealsKey } = answer;
  return {
    status,
    statusText: reason,
    httpVersion,
    cookies: [],
    headers: headers.map(nameValue),
    content: { size: bodyBytes, mimeType: headerOf(answer, 'content-type') ?? '', ...(body === '' ? {} : { text: body }) },
    redirectURL: headerOf(answer, 'location') ?? '',
    headersSize: -1,
    bodySize: -1,
    _answer: {
      ...(cut ? { cut } : {}),
      ...(shape.html ? { html: true } : {}),
      ...(shape.onlyError ? { onlyError: true } : {}),
      ...(shape.declared ? { declared: true } : {}),
      ...(shape.json === undefined ? {} : { json: shape.json }),
      ...(shape.undecodable ? { undecodable: true } : {}),
      ...(revealsKey ? { revealsKey } : {}),
    },
  };
}

const noResponse = ({ cause, detail }: Silence): HarResponse => ({
  status: 0,
  statusText: '',
  httpVersion: '',
  cookies: [],
  headers: [],
  content: { size: 0, mimeType: '' },
  redirectURL: '',
  headersSize: -1,
  bodySize: -1,
  _silence: { cause, detail },
});

/** The exchange that an entry was made from. */
export function exchangeOf({ request, response, time, connection, _startedAt, _reusedConnection }: HarEntry): Exchange {
  return {
    startedAt: _startedAt,
    durationMs: time,
    connection: connection === undefined ? undefined : Number(connection),
    reusedConnection: _reusedConnection === true,
    request: {
      method: request.method,
      url: request.url,
      credentials: request.headers.find(({ _symbolic }) => _symbolic)?.value ?? noCredentials,
      headers: request.headers.filter(({ _symbolic }) => !_symbolic).map(pair),
      ...(request.postData === undefined ? {} : { body: request.postData.text }),
      carriesKeyRun: request._carriesKeyRun === true,
    },
    answer: answerOf(response),
  };
}

function answerOf({ status, statusText, headers, content, _answer, _silence }: HarResponse): Response | Silence {
  if (_silence !== undefined) return { kind: 'silence', ..._silence };
  if (_answer === undefined) throw new Error('An entry has neither an answer nor the reason why there was none.');
  const { cut, html = false, onlyError = false, declared = false, json, undecodable, revealsKey = false } = _answer;
  return {
    kind: 'response',
    status,
    reason: statusText,
    headers: headers.map(pair),
    body: content.text ?? '',
    bodyBytes: content.size,
    ...(cut ? { cut } : {}),
    shape: { html, onlyError, declared, json, ...(undecodable ? { undecodable } : {}) },
    revealsKey,
  };
}

/** As it was sent, without decoding. */
function queryOf(url: string): readonly NameValue[] {
  const start = url.indexOf('?');
  if (start < 0) return [];
  return url
    .slice(start + 1)
    .split('&')
    .map((each) => {
      const [name = '', ...value] = each.split('=');
      return { name, value: value.join('=') };
    });
}

const nameValue = ([name, value]: readonly [string, string]): NameValue => ({ name, value });
const pair = ({ name, value }: NameValue): readonly [string, string] => [name, value];
