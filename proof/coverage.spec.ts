/** Every row of the tables is asked, and is by itself enough to be blamed: a bad credential that gets in, a username under which the key does not. */
import { expect, test } from '@playwright/test';
import type { Change } from '../src/host/index.ts';
import { Secret } from '../src/secret/index.ts';
import { badCredentials } from '../tests/cases/bad-credentials.ts';
import { usernames } from '../tests/cases/usernames.ts';
import { neverIssued } from '../tests/histories/subject.ts';
import { requirementIds } from '../tests/judges/index.ts';
import { allDepartures } from './departures.ts';
import { embedded, runAgainst } from './run.ts';

const seed = 7;

/** Checks of a requirement in which the host is blamed on LeadConduit. */
async function blamed(change: Change): Promise<(requirement: string) => readonly string[]> {
  const { requirements } = await runAgainst({ ...embedded, seed }, change);
  return (requirement) =>
    requirements
      .filter(({ id }) => id === requirement)
      .flatMap(({ findings }) =>
        findings.flatMap(({ verdict, product, check }) => (verdict === 'violates' && product === 'leadconduit' ? [check] : [])),
      );
}

test('each bad credential that gets in is blamed on its owner', async () => {
  // All but the two that would draw the blame to themselves; those have departures of their own.
  const of = await blamed(({ admits }) => ({
    admits(attempt, account) {
      const key = new Secret(attempt.accounts[0]?.current[attempt.product.id] ?? '');
      const isOther = attempt.credentials !== undefined && neverIssued(key, seed).is((raw) => raw === attempt.credentials?.password);
      return admits(attempt, account) || !(attempt.authorization === undefined || isOther);
    },
  }));
  const rows = badCredentials.filter(({ name }) => name !== 'nothing' && name !== 'another key');
  expect(rows.length).toBeGreaterThan(25);
  for (const { name, owner } of rows) expect(of(owner), `${name}, owned by ${owner}`).toContain(name);
});

test('each username under which the key is refused is blamed', async () => {
  const of = await blamed(({ admits }) => ({
    admits: (attempt, account) => admits(attempt, account) && attempt.credentials?.username === 'API',
  }));
  const told = of('username-ignored');
  // What is longer than a server need take is noted and never more.
  const names = usernames(new Secret('k'.repeat(40)), seed).filter(
    ({ name, bytes }) => name !== 'API' && bytes <= 2500 && !/random/.test(name),
  );
  expect(names.length).toBeGreaterThan(40);
  for (const { name } of names) expect(told).toContain(name);
});

test('each requirement has departures, and no departure is of another', () => {
  const broken = new Set(allDepartures().map(({ requirement }) => requirement));
  expect([...broken].sort()).toEqual([...requirementIds].sort());
});
