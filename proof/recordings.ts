/** Recordings as files, for the proof: what a run would write, and whether all of it is read back. */
import { isDeepStrictEqual } from 'node:util';
import { expect } from '@playwright/test';
import type { Asking } from '../src/ask/asking.ts';
import { judgeAll } from '../src/judge/judges.ts';
import { createSearcher } from '../src/keys/searcher.ts';
import type { Secret } from '../src/keys/secret.ts';
import {
  accountResetOf,
  fromAccountHar,
  fromHar,
  type Har,
  needsAccount,
  type ProductFacts,
  type Recorded,
  toAccountHar,
  toHar,
} from '../src/recording/har.ts';
import type { HistoryKind, Recording } from '../src/recording/recording.ts';
import type { KeyReset, Probe } from '../src/recording/reset.ts';
import { exchangesIn } from '../src/recording/stored.ts';
import { isProductId, type ProductId } from '../src/specifications/model.ts';
import { validateRecording } from '../src/specifications/recording.ts';
import { exchange, first, recorded as recordingOf, second, trial } from './histories.ts';

export const facts = (differences: Partial<ProductFacts> = {}): ProductFacts => ({
  suite: '1.2.3',
  command: 'conformance',
  name: undefined,
  startedAt: '2026-01-31T12:00:00.000Z',
  clockZero: 1_769_860_800_000.25,
  kind: 'embedded',
  seed: 7,
  configuration: [['SEED', '7']],
  requirements: ['failure-body'],
  products: ['leadconduit'],
  baseUrl: 'https://lead.test',
  requests: 9,
  wrongKeys: 3,
  resetOf: 'product',
  ...differences,
});

export const withFacts = (recording: Recording, differences: Partial<ProductFacts> = {}): Recorded => ({
  recording,
  facts: facts(differences),
  others: [],
});

export const all: readonly HistoryKind[] = ['accepted', 'refused', 'reset'];

/** All histories of these products, as a run records them. */
export async function recordedBy(
  asking: Asking,
  only?: ProductId,
  resetOf: ProductFacts['resetOf'] = 'product',
): Promise<readonly Recorded[]> {
  const products = Object.keys(asking.products)
    .filter(isProductId)
    .filter((id) => only === undefined || id === only);
  const recordings = await Promise.all(products.map((id) => asking.recorded(id, new Set(all))));
  return recordings.map((recording) =>
    withFacts(recording, {
      ...asking.tally(),
      kind: asking.kind,
      seed: asking.seed,
      clockZero: performance.timeOrigin,
      baseUrl: asking.products[recording.first.product] ?? '',
      resetOf,
    }),
  );
}

/** The files of these recordings, as text. */
export function textsOf(recorded: readonly Recorded[]): { readonly account: string | undefined; readonly products: readonly string[] } {
  const [account] = recorded.flatMap((each) => accountResetOf(each) ?? []);
  return {
    account: account && JSON.stringify(toAccountHar(account)),
    products: recorded.map((each) => JSON.stringify(toHar(each))),
  };
}

/** What is read back from these files. */
export function cameBack(recorded: readonly Recorded[], texts = textsOf(recorded)): readonly Recorded[] {
  const account = texts.account === undefined ? undefined : fromAccountHar(JSON.parse(texts.account));
  return texts.products.map((text) => {
    const har: Har = JSON.parse(text);
    return fromHar(har, needsAccount(har) ? account : undefined);
  });
}

/**
 * What was written is read back: equal, with shared exchanges as one object, judged the same including evidence, and written again as the
 * same bytes. The files contain no key, match the schema and have what HAR viewers need.
 */
export function expectToComeBack(recorded: readonly Recorded[], keys: readonly Secret[] = []): readonly Recorded[] {
  const texts = textsOf(recorded);
  const back = cameBack(recorded, texts);
  expect(isDeepStrictEqual(back, recorded), 'equal').toBe(true);
  const objects = (of: readonly Recorded[]): number => new Set(of.flatMap(({ recording }) => [...exchangesIn(recording)])).size;
  expect(objects(back), 'exchanges').toBe(objects(recorded));
  const judged = (of: readonly Recorded[]) => judgeAll(of.map(({ recording }) => recording));
  expect(isDeepStrictEqual(judged(back), judged(recorded)), 'judged alike').toBe(true);
  expect(textsOf(back), 'written again').toEqual(texts);

  const searcher = keys.length === 0 ? undefined : createSearcher(keys);
  for (const text of [...texts.products, ...(texts.account === undefined ? [] : [texts.account])]) {
    const har: Har = JSON.parse(text);
    expect(validateRecording(har)).toEqual([]);
    expect(missingIn(har)).toEqual([]);
    expect(searcher?.finds(text) ?? false, 'a key').toBe(false);
  }
  return back;
}

type Kind = 'string' | 'number' | 'array' | 'object';
/** The members that HAR 1.2 requires, with their types (http://www.softwareishard.com/blog/har-12-spec/). */
const required: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  log: { version: 'string', creator: 'object', entries: 'array' },
  creator: { name: 'string', version: 'string' },
  entry: { startedDateTime: 'string', time: 'number', request: 'object', response: 'object', cache: 'object', timings: 'object' },
  request: {
    method: 'string',
    url: 'string',
    httpVersion: 'string',
    cookies: 'array',
    headers: 'array',
    queryString: 'array',
    headersSize: 'number',
    bodySize: 'number',
  },
  response: {
    status: 'number',
    statusText: 'string',
    httpVersion: 'string',
    cookies: 'array',
    headers: 'array',
    content: 'object',
    redirectURL: 'string',
    headersSize: 'number',
    bodySize: 'number',
  },
  postData: { mimeType: 'string', params: 'array', text: 'string' },
  content: { size: 'number', mimeType: 'string' },
  timings: { send: 'number', wait: 'number', receive: 'number' },
  nameValue: { name: 'string', value: 'string' },
};

/** Missing members that HAR 1.2 requires, and invalid times. */
export function missingIn({ log }: Har): readonly string[] {
  const missing = (part: string, value: object): string[] =>
    Object.entries(required[part] ?? {}).flatMap(([name, kind]) => {
      const member: unknown = Object.getOwnPropertyDescriptor(value, name)?.value;
      return (Array.isArray(member) ? 'array' : typeof member) === kind ? [] : [`${part}.${name}`];
    });
  const ofEntry = (entry: Har['log']['entries'][number]): string[] => {
    const { request, response, timings, startedDateTime } = entry;
    return [
      ...missing('entry', entry),
      ...missing('request', request),
      ...missing('response', response),
      ...missing('content', response.content),
      ...missing('timings', timings),
      ...(request.postData === undefined ? [] : missing('postData', request.postData)),
      ...[...request.headers, ...request.queryString, ...response.headers].flatMap((each) => missing('nameValue', each)),
      ...(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(startedDateTime) ? [] : [`startedDateTime ${startedDateTime}`]),
    ];
  };
  const times = log.entries.map(({ startedDateTime }) => startedDateTime);
  const order = times.every((each, index) => index === 0 || (times[index - 1] ?? '') <= each) ? [] : ['the order of entries'];
  return [...new Set([...missing('log', log), ...missing('creator', log.creator), ...log.entries.flatMap(ofEntry), ...order])];
}

const probe = (product: ProductId, startedAt: number): Probe => ({
  check: 'before the reset',
  product,
  key: 0,
  place: 'GET /flows API',
  trial: trial(exchange(200, { startedAt })),
});
const accountReset = {
  moments: [{ kind: 'reset', startedAt: 20, endedAt: 21, sameKey: false }],
  probes: [probe('leadconduit', 10), probe('trustedform', 12)],
} as const;
export const resetOf = (product: ProductId, shared: Pick<KeyReset, 'moments' | 'probes'> = accountReset): KeyReset => ({
  product,
  ...shared,
  least: { before: 1, after: 1 },
  narrowed: [],
});

/** A product with these histories and its own reset. */
export const productWith = (
  holds: readonly HistoryKind[],
  product: ProductId = 'leadconduit',
  differences: Parameters<typeof withFacts>[1] = {},
): Recorded =>
  withFacts(
    recordingOf({
      first: first([], { product, resetsKey: holds.includes('reset') }),
      second: holds.includes('refused') ? second([], { product }) : undefined,
      reset: holds.includes('reset') ? resetOf(product) : undefined,
      holds,
    }),
    differences,
  );
/** Two products whose account is reset by a command. */
export const ofOneAccount = (clockZero = 1000): readonly Recorded[] =>
  (['leadconduit', 'trustedform'] as const).map((product) => productWith(all, product, { resetOf: 'account', clockZero }));

/** The error that a call throws. */
export function errorOf(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('it throws an Error');
}
