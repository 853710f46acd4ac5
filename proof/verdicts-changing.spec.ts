/** Hosts that change their answers at some point: what the right key gets from then on is not evidence against a username or a resource. */
import { first, judged, row, second, secondOf, silence, those, trial, unasked } from './histories.ts';
import { expect, test } from './test.ts';

const open = trial(200);
const rows = ['username', 'operation under a username', 'documented call', 'scheme'] as const;

/** The right key got this answer twice, and a plain control right after it got `control`. */
const answered = (status: number, control: ReturnType<typeof trial>) => {
  const twice = trial(status, status);
  const followed = { control, again: twice };
  return { first: first(rows.map((about) => row(about, twice, { followed }))) };
};

for (const status of [302, 403, 500]) {
  test(`${status} next to an accepted control violates`, () => {
    expect(those('violates', answered(status, open))).toEqual(['username-ignored', 'documented-call']);
  });
  const controls = [
    ['gets the same answer', trial(status, status), 'no-control'],
    ['is refused', trial(401), 'no-control'],
    ['gets no answer', trial(silence('timeout'), silence('timeout')), 'timeout'],
    ['was no longer asked', unasked('throttled'), 'throttled'],
  ] as const;
  for (const [name, control, cause] of controls)
    test(`${status} next to a control that ${name} does not violate`, () => {
      const history = answered(status, control);
      expect(those('violates', history)).toEqual([]);
      for (const id of ['username-ignored', 'documented-call', 'rfc7617-scheme-case'] as const)
        expect(judged(id, history), id).toMatchObject({ verdict: 'inconclusive', causes: [cause] });
    });
}

test('such an answer is not an intermittent 401, which would violate if it occurred twice', () => {
  const history = { ...answered(403, trial(401)), second: second() };
  expect(judged('key-for-all-calls', history)).toMatchObject({ verdict: 'conforms' });
});

test('if no more bad keys were answered, key-private gives the cause, as others do', () => {
  const history = { second: secondOf([], { controls: [trial(403, 403), trial(403, 403)], unasked: 300, givenUp: 'no-control' }) };
  for (const id of ['key-private', 'bad-key-refused', 'failure-body'] as const)
    expect(judged(id, history), id).toMatchObject({ verdict: 'inconclusive', causes: ['no-control'] });
});
