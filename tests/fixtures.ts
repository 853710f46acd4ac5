/** The words that the tests are written in. A test sends nothing: it judges what was recorded, a step for each check. */
import { request as httpRequest } from 'node:http';
import { _baseTest, type TestInfo, test as withBrowsers } from '@playwright/test';
import type { ProductId } from '../src/spec/index.ts';
import type { Check, Judgement } from '../src/verdict/index.ts';
import type { HistoryKind, Recorded, RequirementId } from './judges/index.ts';
import { judges } from './judges/index.ts';

// Nothing here needs a browser, and setting up the forty fixtures of one for each test costs more than the tests do. Traces are theirs.
export const test = process.env.CONFORMANCE_TRACE === '1' ? withBrowsers : _baseTest;

/**
 * The body of a requirement's test: judges it over what was recorded of the project's product, and makes a step of each check. The worst
 * check decides; what is not run is skipped with what it needs.
 */
export const judged =
  (id: RequirementId) =>
  async ({}, testInfo: TestInfo): Promise<void> => {
    const product = testInfo.project.name as ProductId | 'account';
    const judgement = await judge(id, product);
    await call('POST', '/result', { type: 'result', requirement: id, product, judgement: withLessEvidence(judgement) });
    if (judgement.kind === 'not-applicable') test.skip(true, 'says nothing about this product');
    else if (judgement.kind === 'not-run') test.skip(true, `needs ${judgement.needs}`);
    else await showChecks(judgement.checks, testInfo);
  };

async function judge(id: RequirementId, product: ProductId | 'account'): Promise<Judgement> {
  const { of, needs, judge } = judges[id];
  if (of === 'product') return judge(await recordedOf(product, needs));
  const products = (process.env.CONFORMANCE_PRODUCTS ?? '').split(',');
  return judge(await Promise.all(products.map((each) => recordedOf(each, needs))));
}

async function showChecks(checks: readonly Check[], testInfo: TestInfo): Promise<void> {
  const failures: string[] = [];
  let shown = 0;
  for (const check of checks) {
    const fails = check.verdict === 'violates' || check.verdict === 'inconclusive';
    if (fails) failures.push(`${check.name}: ${sentenceOf(check)}`);
    if (check.verdict === 'noted') testInfo.annotations.push({ type: 'noted', description: sentenceOf(check) });
    const evidence = check.evidence.slice(0, exchangesShown);
    const attach = evidence.length > 0 && (fails ? shown++ < findingsShown : check === checks[0]);
    const show = async (): Promise<void> => {
      if (attach) await testInfo.attach('exchanges', { body: JSON.stringify(evidence, undefined, 2), contentType: 'application/json' });
      if (fails) throw failure(sentenceOf(check));
    };
    // A check stands where its test does. To find out where would cost more than to judge it.
    await test.step(check.name, show, { location: testInfo }).catch(() => undefined);
  }
  if (failures.length > 0) throw failure(summary(failures));
}

/** Findings of a test that come with evidence, and exchanges in it; the rest is counted. */
const findingsShown = 10;
const exchangesShown = 4;

const sentenceOf = (check: Check): string =>
  check.verdict === 'conforms' ? '' : check.verdict === 'inconclusive' ? `cannot tell (${check.cause}): ${check.message}` : check.message;

const summary = (failures: readonly string[]): string =>
  [...failures.slice(0, findingsShown), ...(failures.length > findingsShown ? [`and ${failures.length - findingsShown} more`] : [])].join(
    '\n',
  );

/** The host's failure, not ours: no stack of ours helps with it. */
function failure(message: string): Error {
  const error = new Error(message);
  error.stack = message;
  return error;
}

/** What conforms needs no evidence but an example. */
function withLessEvidence(judgement: Judgement): Judgement {
  if (judgement.kind !== 'checked') return judgement;
  const checks = judgement.checks.map((check, index) => ({
    ...check,
    evidence: check.verdict === 'conforms' && index > 0 ? [] : check.evidence.slice(0, exchangesShown),
  }));
  return { kind: 'checked', checks };
}

// Kept for the tests of this worker that come after.
const known = new Map<string, Promise<unknown>>();

/** Each history is fetched once; those that are not needed are left out. */
async function recordedOf(product: string, kinds: readonly HistoryKind[]): Promise<Recorded> {
  const fetched = (part: HistoryKind | 'documented'): Promise<unknown> => {
    const path = `/recorded?product=${product}&part=${part}`;
    const answer = known.get(path) ?? call('GET', path);
    known.set(path, answer);
    return answer;
  };
  const part = async (kind: HistoryKind): Promise<unknown> => (kinds.includes(kind) ? ((await fetched(kind)) ?? undefined) : undefined);
  const [first, second, life, documented] = await Promise.all([part('accepted'), part('refused'), part('life'), fetched('documented')]);
  return { first, second, life, documented } as Recorded;
}

/** Asks the process that asks. */
function call(method: string, path: string, body?: unknown): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ socketPath: process.env.CONFORMANCE_SOCKET, method, path }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        if (response.statusCode === 200) resolve(JSON.parse(text));
        else reject(new Error(text));
      });
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
