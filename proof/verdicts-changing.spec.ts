/** Hosts that answer otherwise from some moment on: what the right key gets from then on speaks against no username and no resource. */
import { expect, test } from '@playwright/test';
import { first, judged, row, second, secondOf, silence, those, trial, unasked } from './histories.ts';

const open = trial(200);
const rows = ['username', 'operation under a username', 'documented call', 'scheme'] as const;

/** The right key was answered so twice, and a plain control right after it so. */
const answered = (status: number, control: ReturnType<typeof trial>) => {
  const twice = trial(status, status);
  const followed = { control, again: twice };
  return { first: first(rows.map((about) => row(about, twice, { followed }))) };
};

for (const status of [302, 403, 500]) {
  test(`${status} beside a control that is accepted is blamed`, () => {
    expect(those('violates', answered(status, open))).toEqual(['username-ignored', 'documented-call']);
  });
  const controls = [
    ['is answered so as well', trial(status, status), 'no-control'],
    ['is refused', trial(401), 'no-control'],
    ['gets no answer', trial(silence('timeout'), silence('timeout')), 'timeout'],
    ['was not asked any more', unasked('throttled'), 'throttled'],
  ] as const;
  for (const [name, control, cause] of controls)
    test(`${status} beside a control that ${name} is blamed on nobody`, () => {
      const history = answered(status, control);
      expect(those('violates', history)).toEqual([]);
      for (const id of ['username-ignored', 'documented-call', 'rfc7617-scheme-case'] as const)
        expect(judged(id, history), id).toMatchObject({ verdict: 'inconclusive', causes: [cause] });
    });
}

test('such an answer is no flap, which would be blamed where it comes twice', () => {
  const history = { ...answered(403, trial(401)), second: second() };
  expect(judged('key-for-all-calls', history)).toMatchObject({ verdict: 'conforms' });
});

test('where no bad key was answered any more, key-private says why, as others do', () => {
  const history = { second: secondOf([], { controls: [trial(403, 403), trial(403, 403)], unasked: 300, givenUp: 'no-control' }) };
  for (const id of ['key-private', 'bad-key-refused', 'failure-body'] as const)
    expect(judged(id, history), id).toMatchObject({ verdict: 'inconclusive', causes: ['no-control'] });
});
