/** The matrix itself: which hosts count as identified, and a page that is self-contained. */
import type { Verdict } from '../src/judge/check.ts';
import { asMarkdown, isIdentified, type Row, summary } from './matrix.ts';
import { asPage } from './matrix-page.ts';
import { expect, test } from './test.ts';

const row = (id: string, body: Verdict, others: Verdict = 'conforms'): Row => ({
  id,
  why: 'a <proxy> & "more"',
  verdicts: { 'failure-status': others, 'failure-body': body, 'reset-changes-key': 'not-run' },
});

const cases: readonly (readonly [name: string, row: Row, identified: boolean])[] = [
  ['a broken promise that violates', row('violates/failure-body/text', 'violates'), true],
  ['a broken promise that is noted, which is all that its level allows', row('violates/failure-body/text', 'noted'), true],
  ['a broken promise that is overlooked', row('violates/failure-body/text', 'conforms'), false],
  ['a broken promise that could not be judged', row('violates/failure-body/text', 'inconclusive'), false],
  ['another requirement violated instead', row('violates/failure-body/text', 'conforms', 'violates'), false],
  ['another requirement violated as well', row('violates/failure-body/text', 'violates', 'violates'), false],
  [
    'another requirement violated as well, unavoidably',
    { ...row('violates/failure-body/text', 'violates', 'violates'), also: ['failure-status'] },
    true,
  ],
  ['all promises kept', row('conforms/answers/204', 'conforms'), true],
  ['all promises kept, with something noted', row('conforms/answers/204', 'noted'), true],
  ['all promises kept, but one violated', row('conforms/answers/204', 'violates'), false],
  ['all promises kept, but inconclusive', row('conforms/answers/204', 'inconclusive'), false],
  ['all promises kept, but nothing run', row('conforms/answers/204', 'not-run', 'not-run'), false],
  ['inconclusive', row('inconclusive/silent/down', 'inconclusive'), true],
  ['inconclusive, but something violated', row('inconclusive/silent/down', 'inconclusive', 'violates'), false],
  ['should be inconclusive, but conforms', row('inconclusive/silent/down', 'conforms'), false],
];
for (const [name, each, identified] of cases)
  test(`${name}: ${identified ? 'identified' : 'not identified'}`, () => {
    expect(isIdentified(each)).toBe(identified);
  });

const rows = [row('violates/failure-body/text', 'violates'), row('conforms/answers/204', 'noted')];

test('as Markdown it is a table of hosts sorted by name', () => {
  const lines = asMarkdown(rows).split('\n').slice(-5);
  expect(lines).toEqual([
    '| host | failure-status | failure-body | reset-changes-key |',
    '|---|---|---|---|',
    '| `conforms/answers/204` | ✓ | ~ | - |',
    '| `violates/failure-body/text` | ✓ | ✗ | - |',
    '',
  ]);
});

test('as a page it has no scripts, loads nothing, and escapes texts', () => {
  const page = asPage(rows);
  expect(page.replace(/<link rel="icon" href="data:image\/svg\+xml,[^"]*">/, '')).not.toMatch(/<script|<link|<img|https?:|url\(|@import/i);
  expect(page).toContain('a &lt;proxy&gt; &amp; &quot;more&quot;');
  expect(page).toContain('<td class="violates own" title="failure-body: violates">✗</td>');
  expect(page).not.toMatch(/not identified/i);
});

test('it says how many hosts are correctly identified, and which are not', () => {
  const missed = row('inconclusive/silent/down', 'conforms');
  expect(summary([...rows, missed])).toEqual([
    '1 of 1 that break a promise',
    '1 of 1 that keep every promise',
    '0 of 1 that cannot be judged',
  ]);
  expect(asMarkdown([...rows, missed])).toContain('0 of 1 that cannot be judged.');
  const page = asPage([...rows, missed]);
  expect(page).toContain('Not identified: <a href="#inconclusive/silent/down">inconclusive/silent/down</a>.');
  expect(page).toContain('<th scope="row">down <strong>(not identified)</strong>');
  expect(page.match(/<th scope="rowgroup">[^<]*/g)).toEqual(
    ['conforms/answers', 'inconclusive/silent', 'violates/failure-body'].map((group) => `<th scope="rowgroup">${group}`),
  );
});
