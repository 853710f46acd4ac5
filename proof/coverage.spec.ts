/** Every row of the tables counts by itself: an accepted bad credential violates only its owner, and a username that is refused violates only username-ignored. */
import { openAsking } from '../src/ask/asking.ts';
import { type BadCredential, badCredentials } from '../src/ask/cases/bad-credentials.ts';
import { spellings } from '../src/ask/cases/spellings.ts';
import { usernames } from '../src/ask/cases/usernames.ts';
import { named } from '../src/ask/credentials.ts';
import { neverIssued } from '../src/ask/subject.ts';
import { earlierAt, keyAt } from '../src/host/account.ts';
import type { Attempt, Change } from '../src/host/behavior.ts';
import { allDepartures } from '../src/host/departures.ts';
import { router } from '../src/host/route.ts';
import { judgeAll, requirementIds } from '../src/judge/judges.ts';
import { Secret } from '../src/keys/secret.ts';
import type { HistoryKind } from '../src/recording/recording.ts';
import type { ProductId } from '../src/specifications/model.ts';
import { embedded } from './run.ts';
import { expect, test } from './test.ts';

const seed = 7;

/** Checks that violate on this product, by requirement. The default has few resources, so it costs few requests. */
async function blamed(
  change: Change,
  kinds: readonly HistoryKind[],
  product: ProductId = 'suppressionlist',
): Promise<Readonly<Record<string, readonly string[]>>> {
  const asking = await openAsking({ ...embedded, seed }, { behavior: change, pauseMs: 5, settlingMs: 20 });
  try {
    const results = judgeAll([await asking.recorded(product, new Set(kinds))]);
    const told = results.flatMap(({ requirement, judgement }) => {
      const checks = judgement.kind === 'checked' ? judgement.checks.filter(({ verdict }) => verdict === 'violates') : [];
      return checks.length === 0 ? [] : [[requirement, checks.map(({ name }) => name)] as const];
    });
    return Object.fromEntries(told);
  } finally {
    await asking.close();
  }
}

/** Whether the request has this row's credentials, with the username that was sent. */
function isRow(row: BadCredential, { accounts: [account], product, authorization, credentials }: Attempt): boolean {
  if (account === undefined) return false;
  const key = new Secret(keyAt(account, product.id));
  const former = earlierAt(account, product.id).at(-1);
  const keys = { key, otherKey: neverIssued(key, seed), ...(former === undefined ? {} : { oldKey: new Secret(former) }) };
  const username = new Secret(credentials?.username ?? '');
  // With the key as the username it is a different row.
  if (row.name === 'an empty password' && username.equals(key)) return false;
  const { header } = row.credentials(keys, named('as brought', username));
  return header === undefined ? authorization === undefined : header.is((raw) => raw === authorization);
}

for (const row of badCredentials)
  test(`a host that accepts ${row.name} violates ${row.owner}, by that row`, async () => {
    const lenient: Change = ({ admits }) => ({ admits: (attempt, account) => admits(attempt, account) || isRow(row, attempt) });
    const told = await blamed(lenient, row.owner === 'old-key-stops' ? ['accepted', 'refused', 'reset'] : ['accepted', 'refused']);
    expect(Object.keys(told)).toEqual([row.owner]);
    expect(told[row.owner]).toContain(row.name);
  });

for (const { name, respell } of spellings)
  test(`a host that serves a path with ${name} without a key violates auth-required, by that row`, async () => {
    const odd = respell([{ text: 'flows', literal: true }]);
    const lenient: Change = ({ protects, answer }) => ({
      protects: (attempt) => attempt.path !== odd && protects(attempt),
      answer: (attempt, account) =>
        answer(attempt.path === odd ? { ...attempt, ...router(attempt.product.operations)(attempt.method, '/flows') } : attempt, account),
    });
    expect(await blamed(lenient, ['accepted', 'refused'], 'leadconduit')).toEqual({ 'auth-required': [`the path with ${name}`] });
  });

// Usernames that a server may reject as too long are only noted, and random ones differ in each run.
const names = usernames(new Secret('k'.repeat(40)), seed).filter(({ name, bytes }) => bytes <= 2500 && !name.startsWith('random'));

for (const { name, username } of names)
  test(`a host that refuses the key under username ${name} violates username-ignored, by that row`, async () => {
    const isIt = ({ credentials, accounts: [account], product }: Attempt): boolean =>
      name === 'the key itself'
        ? credentials?.username === account?.current[product.id]
        : username.value.is((raw) => raw === credentials?.username);
    const strict: Change = ({ admits }) => ({ admits: (attempt, account) => admits(attempt, account) && !isIt(attempt) });
    // The page's own call, to LeadConduit, uses X.
    const told = await blamed(strict, ['accepted'], name === 'X' ? 'leadconduit' : 'suppressionlist');
    expect(Object.keys(told).sort()).toEqual(name === 'X' ? ['documented-call', 'username-ignored'] : ['username-ignored']);
    expect(told['username-ignored']).toContain(name);
  });

test('the tables have not shrunk', () => {
  expect(badCredentials.length).toBeGreaterThanOrEqual(30);
  expect(names.length).toBeGreaterThanOrEqual(41);
  expect(spellings.length).toBeGreaterThanOrEqual(6);
});

test('each requirement has departures, and each departure belongs to a requirement', () => {
  const broken = new Set(allDepartures().map(({ requirement }) => requirement));
  expect([...broken].sort()).toEqual([...requirementIds].sort());
});
