/** A host that follows another page of the company still differs from the authentication page; the finding says which page it matches. */
import { json } from '../src/host/answer.ts';
import type { Change } from '../src/host/behavior.ts';
import { embedded, runAgainst } from './run.ts';
import { expect, test } from './test.ts';

const refusing =
  (status: number, body: unknown): Change =>
  ({ refuse }) => ({
    refuse: (attempt) => (attempt.product.id === 'trustedform' ? json(status, body) : refuse(attempt)),
  });
const onlyUsername =
  (name: string): Change =>
  ({ admits }) => ({
    admits: (attempt, account) => attempt.credentials?.username === name && admits(attempt, account),
  });

/** The message of the requirement's first finding on TrustedForm. */
async function messageOf(change: Change, requirement: string): Promise<string | undefined> {
  const { requirements } = await runAgainst(embedded, { behavior: change, only: 'trustedform' });
  return requirements.find(({ id }) => id === requirement)?.findings.find(({ verdict }) => verdict === 'violates')?.message;
}

const both = 'this differs from the authentication page but matches';

for (const [name, change, requirement, says] of [
  [
    'the body of API 4.0',
    refusing(401, { reason: 'Unauthorized', outcome: 'error', id: 1 }),
    'failure-body',
    `${both} the TrustedForm API 4.0 reference`,
  ],
  [
    'the body of API 3.0',
    refusing(401, { errors: { detail: 'Unauthorized' }, message: 'Unauthorized' }),
    'failure-body',
    `${both} a client's tests for the TrustedForm API 3.0`,
  ],
  ['a 403', refusing(403, {}), 'failure-status', `${both} articles on the TrustedForm API 2.0`],
  ['only the username API', onlyUsername('API'), 'username-ignored', `${both} the TrustedForm API reference and articles on it`],
] as const)
  test(`${name} violates, and the finding names the page that it matches`, async () =>
    expect(await messageOf(change, requirement)).toContain(says));

test('an answer that no page documents matches no page', async () => {
  expect(await messageOf(refusing(401, { outcome: 'error' }), 'failure-body')).not.toContain(both);
  expect(await messageOf(onlyUsername('X'), 'username-ignored')).not.toContain(both);
});
