/** Answers as data, and how they are sent: exactly these headers, in this order. */
import { type ServerResponse, STATUS_CODES } from 'node:http';
import { crc32 } from 'node:zlib';
import type { DocumentedFailure } from '../specifications/model.ts';

export interface Answer {
  readonly status: number;
  /** The reason phrase. */
  readonly reason: string;
  /** Without Date, which is added when the answer is sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Not sent in answer to a HEAD. */
  readonly body: string | Buffer;
}

/** An answer in the form of the page's example; `more` are headers that follow. */
export function answerOf(status: number, contentType: string, body: string, more: Answer['headers'] = []): Answer {
  const headers = [
    ['Content-Type', contentType],
    ['Content-Length', ''],
    ['Connection', 'keep-alive'],
    ['Vary', 'Accept, Accept-Encoding'],
    ['ETag', ''],
    ...more,
  ] as const;
  return withBody({ status, reason: STATUS_CODES[status] ?? '', headers, body }, body);
}

/** A JSON answer. */
export const json = (status: number, value: unknown, more?: Answer['headers']): Answer =>
  answerOf(status, 'application/json; charset=utf-8', JSON.stringify(value), more);

/** The documented answer to a failed authentication. Length and entity tag are computed from the body, not copied from the example. */
export function refusalOf({ status, reason, contentType, body, headers }: DocumentedFailure): Answer {
  return withBody({ status, reason, headers: [['Content-Type', contentType], ...headers], body }, body);
}

/** The same answer with another body; length and entity tag are updated if the answer has them. */
export function withBody(answer: Answer, body: string | Buffer): Answer {
  const computed: Readonly<Record<string, string>> = { 'Content-Length': `${Buffer.byteLength(body)}`, ETag: entityTag(body) };
  return { ...answer, body, headers: answer.headers.map(([name, value]) => [name, computed[name] ?? value] as const) };
}

/** The same answer with a header set, in place if the answer already has it; undefined removes the header. */
export function withHeader(answer: Answer, name: string, value: string | undefined): Answer {
  const isIt = ([each]: readonly [string, string]): boolean => each.toLowerCase() === name.toLowerCase();
  if (value === undefined) return { ...answer, headers: answer.headers.filter((each) => !isIt(each)) };
  const has = answer.headers.some(isIt);
  return {
    ...answer,
    headers: has ? answer.headers.map((each) => (isIt(each) ? ([each[0], value] as const) : each)) : [...answer.headers, [name, value]],
  };
}

/** Weak, in the form of the page's example: length in hex, a hyphen, CRC-32 of the bytes in hex. */
function entityTag(body: string | Buffer): string {
  return `W/"${Buffer.byteLength(body).toString(16)}-${crc32(body).toString(16)}"`;
}

/** Sends an answer byte for byte: Date, then its headers. `Connection` is `close` if the client asked for that. */
export function send(response: ServerResponse, { status, reason, headers, body }: Answer): void {
  const lines = ['Date', new Date().toUTCString()];
  for (const [name, value] of headers) lines.push(name, name === 'Connection' && !response.shouldKeepAlive ? 'close' : value);
  response.writeHead(status, reason, lines);
  response.end(body);
}
