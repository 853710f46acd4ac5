/** The matrix itself: what it says of a host, and that its page stands alone. */
import { expect, test } from '@playwright/test';
import type { Verdict } from '../src/judge/check.ts';
import { asMarkdown, isTold, type Row, summary } from './matrix.ts';
import { asPage } from './matrix-page.ts';

const row = (id: string, body: Verdict, others: Verdict = 'conforms'): Row => ({
  id,
  why: 'a <proxy> & "more"',
  verdicts: { 'failure-status': others, 'failure-body': body, 'reset-changes-key': 'not-run' },
});

const cases: readonly (readonly [name: string, row: Row, told: boolean])[] = [
  ['a broken promise that is blamed', row('violates/failure-body/text', 'violates'), true],
  ['a broken promise that is noted, which is all that its level allows', row('violates/failure-body/text', 'noted'), true],
  ['a broken promise that is overlooked', row('violates/failure-body/text', 'conforms'), false],
  ['a broken promise that nobody could judge', row('violates/failure-body/text', 'inconclusive'), false],
  ['another promise blamed in its place', row('violates/failure-body/text', 'conforms', 'violates'), false],
  ['another promise blamed besides', row('violates/failure-body/text', 'violates', 'violates'), false],
  [
    'another promise blamed besides, which it cannot help breaking',
    { ...row('violates/failure-body/text', 'violates', 'violates'), also: ['failure-status'] },
    true,
  ],
  ['all promises kept', row('conforms/answers/204', 'conforms'), true],
  ['all promises kept, with something noted', row('conforms/answers/204', 'noted'), true],
  ['kept, and blamed', row('conforms/answers/204', 'violates'), false],
  ['kept, and not judged', row('conforms/answers/204', 'inconclusive'), false],
  ['kept, and not run', row('conforms/answers/204', 'not-run', 'not-run'), false],
  ['nobody can tell', row('inconclusive/silent/down', 'inconclusive'), true],
  ['nobody can tell, and somebody is blamed', row('inconclusive/silent/down', 'inconclusive', 'violates'), false],
  ['nobody can tell, and all is well', row('inconclusive/silent/down', 'conforms'), false],
];
for (const [name, each, told] of cases)
  test(`${name}: ${told ? 'told' : 'not told'}`, () => {
    expect(isTold(each)).toBe(told);
  });

const rows = [row('violates/failure-body/text', 'violates'), row('conforms/answers/204', 'noted')];

test('as Markdown it is a table of hosts in the order of their names', () => {
  const lines = asMarkdown(rows).split('\n').slice(-5);
  expect(lines).toEqual([
    '| host | failure-status | failure-body | reset-changes-key |',
    '|---|---|---|---|',
    '| `conforms/answers/204` | ✓ | ~ | - |',
    '| `violates/failure-body/text` | ✓ | ✗ | - |',
    '',
  ]);
});

test('as a page it has no script, loads nothing, and shows texts as texts', () => {
  const page = asPage(rows);
  expect(page.replace(/<link rel="icon" href="data:image\/svg\+xml,[^"]*">/, '')).not.toMatch(/<script|<link|<img|https?:|url\(|@import/i);
  expect(page).toContain('a &lt;proxy&gt; &amp; &quot;more&quot;');
  expect(page).toContain('<td class="violates own" title="failure-body: violates">✗</td>');
  expect(page).not.toMatch(/not told/i);
});

test('it says how many hosts are told as what they are, and which one is not', () => {
  const untold = row('inconclusive/silent/down', 'conforms');
  expect(summary([...rows, untold])).toEqual([
    '1 of 1 that break a promise',
    '1 of 1 that keep every promise',
    '0 of 1 that cannot be judged',
  ]);
  expect(asMarkdown([...rows, untold])).toContain('0 of 1 that cannot be judged.');
  const page = asPage([...rows, untold]);
  expect(page).toContain('Not told: <a href="#inconclusive/silent/down">inconclusive/silent/down</a>.');
  expect(page).toContain('<th scope="row">down <strong>(not told)</strong>');
  expect(page.match(/<th scope="rowgroup">[^<]*/g)).toEqual(
    ['conforms/answers', 'inconclusive/silent', 'violates/failure-body'].map((group) => `<th scope="rowgroup">${group}`),
  );
});
