/** The chart of a reset: wrong answers stand out, and the axis leaves out time without calls. */
import { neverIssuedKey, type Probe } from '../src/recording/reset.ts';
import { chart } from '../src/report/chart.ts';
import { inWords, timelineOf, wrongIn } from '../src/report/timeline.ts';
import { exchange as answered, trial as trialOf } from './histories.ts';
import { timeline } from './report-runs.ts';
import { expect, test } from './test.ts';

const svg = chart(timeline);
const xOf = (mark: string): readonly number[] => [...svg.matchAll(new RegExp(mark, 'g'))].map(([, x]) => Number(x));

test('draws wrong answers last, larger and in red, each with its time', () => {
  const wrong = svg.lastIndexOf('class="wrong"');
  expect(wrong).toBeGreaterThan(svg.lastIndexOf('stroke-linecap="round"'));
  expect(svg).toMatch(/<circle class="wrong" cx="[\d.]+" cy="66" r="7" fill="#b3261e"/);
  expect(svg).toMatch(/fill="#b3261e">21 ms<\/text>/);
  expect(svg).toContain('red: a wrong answer');
  expect(inWords(timeline)).toContain('Wrong answers, with the time since the login: old key accepted at 21 ms.');
});

test('does not mention wrong answers if there are none', () => {
  const calls = timeline.calls.map((each) => ({ ...each, wrong: false }));
  expect(chart({ ...timeline, calls })).not.toMatch(/wrong"|red: /);
  expect(inWords({ ...timeline, calls })).not.toContain('Wrong');
});

test('leaves out time without calls, and has readable ticks', () => {
  const ticks = xOf('<text x="([\\d.]+)" y="146"');
  expect(ticks.length).toBeGreaterThanOrEqual(3);
  for (const [index, x] of ticks.toSorted((one, other) => one - other).entries())
    if (index > 0) expect(x - (ticks.toSorted((one, other) => one - other)[index - 1] ?? 0)).toBeGreaterThan(40);
  // 30 ms of calls take most of the width, although another call came a second later.
  expect(svg).toMatch(/l4 -8m2 8l4 -8/);
  const [at21] = xOf('class="wrong" cx="([\\d.]+)"');
  expect(at21).toBeGreaterThan(200);
});

for (const at of [-1, 0, 5])
  test(`can show a single call, ${at} ms after the login`, () => {
    const one = chart({ ...timeline, loginSentAt: 0, calls: [{ at, key: 'old', answer: 'refused', wrong: false }] });
    expect(one).not.toMatch(/NaN|Infinity/);
  });

test('marks answers as wrong by what the page promises at that time', () => {
  const probe = (key: number, startedAt: number, isAccepted: boolean): Probe => ({
    check: 'a',
    product: 'leadconduit',
    key,
    place: 'GET /flows',
    trial: trialOf(answered(isAccepted ? 200 : 401, { startedAt, durationMs: 1 })),
  });
  const history = {
    product: 'leadconduit',
    moments: [
      { kind: 'reset', sameKey: false, startedAt: 10, endedAt: 11 },
      { kind: 'login', product: 'leadconduit', startedAt: 20, endedAt: 21 },
    ],
    probes: [
      probe(0, 12, true),
      probe(1, 13, true),
      probe(neverIssuedKey, 14, false),
      probe(0, 30, false),
      probe(0, 31, true),
      probe(1, 32, true),
      probe(1, 33, false),
    ],
    least: { before: 0, after: 0 },
    narrowed: [],
  } as const;
  const found = timelineOf(history);
  expect(found && wrongIn(found).map(({ key, at, answer }) => `${key} ${answer} ${at}`)).toEqual([
    'new accepted -8',
    'old accepted 10',
    'new refused 12',
  ]);
  const same = history.moments.map((each) => (each.kind === 'reset' ? { ...each, sameKey: true } : each));
  expect(timelineOf({ ...history, moments: same }), 'without a new key').toBeUndefined();
});
