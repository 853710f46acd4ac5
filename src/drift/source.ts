/** Gets a page from a file or from the web, with limits on size and time. */
import { open } from 'node:fs/promises';
import { Agent, type Dispatcher, fetch, ProxyAgent, type Response } from 'undici';
import { version } from '../../package.json';
import { proxyFor } from '../http/proxy.ts';
import { isLoopback } from '../loopback.ts';
import { isSystemError } from '../system-error.ts';

/** The page could not be read or fetched. The message is one sentence that names the file or URL. */
export class PageError extends Error {
  override readonly name = 'PageError';
}

export interface Source {
  readonly text: string;
  readonly format: 'markdown' | 'html';
}

/** In bytes. A page of documentation has a few thousand; with everything that a site puts around it, a few hundred thousand. */
const sizeLimit = 5 * 2 ** 20;
const markdownLimit = 2 ** 20;
const timeLimitMs = 20_000;
/** Enough for a page that has moved; more redirects are a loop. */
const redirectLimit = 5;

/** @param place A file, or an http or https URL. @param limitMs For a page from the web, including redirects. @throws PageError */
export async function getSource(place: string, limitMs = timeLimitMs): Promise<Source> {
  const isAddress = /^https?:\/\//i.test(place);
  const { bytes, type } = isAddress ? await fromWeb(place, limitMs) : { bytes: await fromFile(place), type: '' };
  const text = decoded(bytes, place);
  const isDocument = /^\s*<(!doctype|html|\?xml)/i.test(text) || /<\/(p|h[1-6]|body)>\s/i.test(`${text.slice(-2000)} `);
  const html = /html/i.test(type) || /\.html?$/i.test(isAddress ? new URL(place).pathname : place) || (isDocument && /^\s*</.test(text));
  if (!html && bytes.length > markdownLimit) throw tooLarge(place, markdownLimit);
  return { text, format: html ? 'html' : 'markdown' };
}

function decoded(bytes: Uint8Array, place: string): string {
  if (bytes.every((each) => each <= 0x20)) throw new PageError(`${place} is empty.`);
  if (bytes.includes(0)) throw new PageError(`${place} is not text: it contains null bytes.`);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new PageError(`${place} is not in UTF-8.`);
  }
}

async function fromFile(path: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  try {
    const file = await open(path);
    try {
      if ((await file.stat()).isDirectory()) throw new PageError(`${path} is a folder: name a file in it.`);
      return await within(file.createReadStream({ autoClose: false, end: sizeLimit }), path, chunks);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof PageError) throw error;
    const code = isSystemError(error) ? error.code : 'unknown error';
    throw new PageError(code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`);
  }
}

async function fromWeb(address: string, limitMs: number): Promise<{ bytes: Uint8Array; type: string }> {
  const opened: Dispatcher[] = [];
  const dispatcherOf = (url: URL): Dispatcher => {
    const proxy = proxyOf(url);
    const dispatcher = proxy === undefined ? new Agent() : new ProxyAgent({ uri: proxy.href });
    opened.push(dispatcher);
    return dispatcher;
  };
  try {
    const response = await answerOf(address, dispatcherOf, AbortSignal.timeout(limitMs));
    if (!response.ok) throw new PageError(`${address} could not be fetched: got ${`${response.status} ${response.statusText}`.trim()}.`);
    return { bytes: await bodyOf(response, address), type: response.headers.get('content-type') ?? '' };
  } catch (error) {
    throw error instanceof PageError ? error : new PageError(`${address} could not be fetched: ${reasonOf(error, limitMs)}.`);
  } finally {
    await Promise.all(opened.map((each) => each.destroy()));
  }
}

function proxyOf(url: URL): URL | undefined {
  try {
    return proxyFor(url, process.env);
  } catch (error) {
    throw new PageError(error instanceof Error ? error.message : 'The proxy cannot be used.');
  }
}

/** The first answer that is not a redirect. */
async function answerOf(address: string, dispatcherOf: (url: URL) => Dispatcher, signal: AbortSignal): Promise<Response> {
  const headers = {
    Accept: 'text/markdown, text/html;q=0.9, text/plain;q=0.8',
    'User-Agent': `activeprospect-conformance/${version}`,
  };
  let url = new URL(address);
  for (let followed = 0; ; followed += 1) {
    const response = await fetch(url, { dispatcher: dispatcherOf(url), signal, headers, redirect: 'manual' });
    const location = response.headers.get('location');
    if (location === null || !redirects.includes(response.status)) return response;
    await response.body?.cancel();
    if (followed === redirectLimit) throw new PageError(`${address} could not be fetched: it redirects more than ${redirectLimit} times.`);
    url = nextOf(url, location, address);
  }
}

const redirects: readonly number[] = [301, 302, 303, 307, 308];

/** Only https redirects are followed, because anyone on the network could change a page over plain http. Loopback may redirect to itself. */
export function nextOf(from: URL, location: string, address: string): URL {
  if (!URL.canParse(location, from.href)) throw new PageError(`${address} could not be fetched: it redirects to an invalid URL.`);
  const next = new URL(location, from);
  const local = next.protocol === 'http:' && isLoopback(next.hostname) && isLoopback(from.hostname);
  if (next.protocol === 'https:' || local) return next;
  throw new PageError(`${address} could not be fetched: it redirects to ${next.protocol}//${next.host}, but only https is followed.`);
}

const bodyOf = ({ body }: Response, address: string): Promise<Uint8Array> =>
  body === null ? Promise.resolve(new Uint8Array()) : within(body as AsyncIterable<Uint8Array>, address, []);

async function within(stream: AsyncIterable<Uint8Array>, place: string, chunks: Uint8Array[]): Promise<Uint8Array> {
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > sizeLimit) throw tooLarge(place, sizeLimit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (place: string, limit: number): PageError =>
  new PageError(`${place} is larger than ${limit / 2 ** 20} MiB, which is too large for a page of documentation.`);

/** From the error's code only: its message may contain the proxy's address with a password. */
function reasonOf(error: unknown, limitMs: number): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return `no complete answer within ${limitMs / 1000} s`;
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  return { ENOTFOUND: 'no such host', EAI_AGAIN: 'no such host', ECONNREFUSED: 'connection refused' }[code ?? ''] ?? code ?? 'no answer';
}
