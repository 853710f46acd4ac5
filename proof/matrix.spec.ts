/** Can the suite tell? Each departure must violate the requirement that its file is named after, and no other. */
import { allDepartures } from '../src/host/departures.ts';
import { isRequirementId, requirementIds } from '../src/judge/judges.ts';
import { productIds } from '../src/specifications/model.ts';
import { rowName, rowOf } from './matrix.ts';
import { embedded, firstOfEach, runAgainst } from './run.ts';
import { expect, test } from './test.ts';

const departures = allDepartures();
/** Of each requirement the files of one host are checked. */
const filesOf = firstOfEach(departures, ({ requirement }) => requirement);

test('the documented host conforms', async () => {
  const { verdict, requirements, checks, requests } = await runAgainst(embedded);
  expect(requirements.filter((each) => each.verdict === 'violates' || each.verdict === 'inconclusive')).toEqual([]);
  expect(verdict).toBe('conforms');
  expect(checks).toBeGreaterThanOrEqual(600);
  expect(requests).toBeLessThanOrEqual(1000 * productIds.length);
});

for (const [index, departure] of departures.entries()) {
  const { id, requirement, why, change, also = [], on, everywhere = false, later = false } = departure;
  // One product is enough, and each has its turn.
  const only = on ?? productIds[index % productIds.length];
  test(id, async ({}, testInfo) => {
    expect(isRequirementId(requirement), `${requirement} is a requirement`).toBe(true);
    const conformance = await runAgainst(embedded, {
      behavior: change,
      ...(everywhere || only === undefined ? {} : { only }),
      ...(later ? { settlingMs: 1000 } : {}),
      files: filesOf.includes(departure),
    });
    const { requirements } = conformance;
    await testInfo.attach(rowName, rowOf(conformance, { id: `violates/${id}`, why, also }));
    const level = requirements.find((each) => each.id === requirement)?.level;
    const blamed = requirements.filter((each) => each.verdict === 'violates').map((each) => each.id);
    const noted = requirements.filter((each) => each.findings.some(({ verdict }) => verdict === 'noted')).map((each) => each.id);
    expect(level === 'required' ? blamed : noted).toContain(requirement);
    expect(blamed.filter((each) => each !== requirement && !also.includes(each))).toEqual([]);
  });
}

test('every requirement has a departure', () => {
  expect(requirementIds.filter((id) => !departures.some(({ requirement }) => requirement === id))).toEqual([]);
});
