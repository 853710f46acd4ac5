/** Parses the page's samples and compares them with the specifications. */
import { parseArgs } from 'node:util';
import { parse } from 'shell-quote';
import type { DocumentedCall, DocumentedFailure } from '../specifications/model.ts';

/** The specifications of the samples. */
export interface Held {
  readonly call: DocumentedCall;
  /** The documented base URL of the called product. */
  readonly server: string;
  readonly failure: DocumentedFailure;
}

/** A difference between a sample and the specifications. */
export interface Difference {
  readonly requirement: string;
  /** The part of the sample. */
  readonly what: string;
  /** The value in the specifications; undefined if they have none. */
  readonly held: string | undefined;
  /** The value on the page; undefined if it has none. Untrusted. */
  readonly shown: string | undefined;
}

type Values = ReadonlyMap<string, string>;
interface Part {
  readonly requirement: string;
  readonly what: string;
}

/** Undefined if the code is neither a curl call nor an HTTP answer. */
export function differencesIn(code: string, held: Held): readonly Difference[] | undefined {
  const call = callIn(code);
  if (call !== undefined) return compared(call, callOf(held), (what) => ({ requirement: 'documented-call', what }));
  const answer = answerIn(code);
  if (answer !== undefined) return compared(answer, answerOf(held), (what) => ({ requirement: ownerOf(what), what }));
  return undefined;
}

function compared(shown: Values, held: Values, part: (what: string) => Part): Difference[] {
  return [...new Set([...held.keys(), ...shown.keys()])]
    .filter((what) => held.get(what) !== shown.get(what))
    .map((what) => ({ ...part(what), held: held.get(what), shown: shown.get(what) }));
}

const callOf = ({ call, server }: Held): Values =>
  new Map([
    ['method', call.method],
    ['address', server + call.path],
    ['username', call.username],
    ...Object.entries(call.headers).map(([name, value]) => [headerName(name), value] as const),
  ]);

/** Parses a curl call. The shell's prompt and line continuations are not part of the call. */
function callIn(code: string): Values | undefined {
  const line = code.replaceAll(/\\\r?\n/g, ' ').replace(/^\s*[$>%#]\s+/, '');
  const words: string[] = [];
  for (const entry of parse(line)) {
    const word = typeof entry === 'string' ? entry : 'pattern' in entry ? entry.pattern : undefined;
    // After a pipe or a comment nothing belongs to the call.
    if (word === undefined) break;
    words.push(word);
  }
  if (words[0] !== 'curl') return undefined;
  const { values, positionals } = parseArgs({ args: words.slice(1), options: curlOptions, strict: false, allowPositionals: true });
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const hasBody = values.data !== undefined || values['data-raw'] !== undefined;
  const user = text(values.user);
  const headers = Array.isArray(values.header) ? values.header.filter((each) => typeof each === 'string') : [];
  const found: [string, string | undefined][] = [
    ['method', text(values.request) ?? (hasBody ? 'POST' : values.head === true ? 'HEAD' : 'GET')],
    ['address', text(values.url) ?? positionals[0]],
    ['username', user?.split(':', 1)[0]],
    ...headers.map(headerLine),
  ];
  return defined(found);
}

/** Options that determine what is sent. Others are taken for switches without a value. */
const curlOptions = {
  request: { type: 'string', short: 'X' },
  user: { type: 'string', short: 'u' },
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd' },
  'data-raw': { type: 'string' },
  url: { type: 'string' },
  head: { type: 'boolean', short: 'I' },
} as const;

const answerOf = ({ failure }: Held): Values =>
  new Map([
    ['status', String(failure.status)],
    ['reason phrase', failure.reason],
    [headerName('Content-Type'), failure.contentType],
    ...failure.headers.map(([name, value]) => [headerName(name), value] as const),
    ['body', failure.body],
  ]);

/** Parses an HTTP/1.1 answer (RFC 9112 section 4). Its Date is left out: it is the day on which the sample was made. */
function answerIn(code: string): Values | undefined {
  const [, status, reason = '', rest = ''] = /^\s*HTTP\/[\d.]+ (\d{3})(?: ([^\r\n]*))?\r?\n(.*)$/s.exec(`${code}\n`) ?? [];
  if (status === undefined) return undefined;
  const end = /\r?\n\r?\n/.exec(`\n${rest}`);
  const head = end === null ? rest : rest.slice(0, Math.max(0, end.index - 1));
  const body = end === null ? '' : rest.slice(end.index - 1 + end[0].length);
  const headers = head.split(/\r?\n/).filter((line) => line.trim() !== '' && !/^date:/i.test(line));
  return defined([['status', status], ['reason phrase', reason.trim()], ...headers.map(headerLine), ['body', body.replace(/\s+$/, '')]]);
}

const ownerOf = (what: string): string =>
  new Map([
    ['status', 'failure-status'],
    ['body', 'failure-body'],
    [headerName('Content-Type'), 'failure-content-type'],
  ]).get(what) ?? 'failure-headers';

const headerName = (name: string): string => `header ${name.toLowerCase()}`;

function headerLine(line: string): [string, string] {
  const colon = line.indexOf(':');
  return colon < 0 ? [headerName(line.trim()), ''] : [headerName(line.slice(0, colon).trim()), line.slice(colon + 1).trim()];
}

const defined = (entries: readonly (readonly [string, string | undefined])[]): Values =>
  new Map(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
