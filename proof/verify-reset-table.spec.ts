/** The table of `verify-reset` and what is said below it: whose turn it is, what to do, and where to log in. */
import type { Watched } from '../src/ask/reset-by-hand.ts';
import { endingLines } from '../src/commands/verify-reset/ending.ts';
import { loginPagesOf } from '../src/commands/verify-reset/login-pages.ts';
import { table } from '../src/commands/verify-reset/table.ts';
import { causes } from '../src/recording/causes.ts';
import { loadProduct, loadProducts } from '../src/specifications/load.ts';
import { expect, test } from './test.ts';

const pages = { suppressionlist: 'https://list.test/login' };
const clock = { now: () => 1000, endsAt: 61_000 };
const answered = (answer: 'accepted' | 'refused' | 'nothing') => ({
  answer,
  at: 0,
  ...(answer === 'nothing' ? { cause: 'timeout' as const } : {}),
});
const lead: Watched = {
  product: 'leadconduit',
  title: 'LeadConduit',
  old: answered('accepted'),
  new: answered('refused'),
  switched: false,
  saidAt: undefined,
  nextAt: 4000,
  over: false,
};
const list: Watched = { ...lead, product: 'suppressionlist', title: 'SuppressionList' };
const switched: Watched = { ...lead, old: answered('refused'), new: answered('accepted'), switched: true, nextAt: undefined, over: true };
const shown = (products: readonly Watched[], width = 80, noteOf = () => undefined as string | undefined): string =>
  table(products, { pages, clock, width, noteOf });

test('says whose turn it is, and names a page to log in at only where one is known', () => {
  const text = shown([switched, lead, list]);
  expect(text).toMatch(/LeadConduit +old key ✗ refused +new key ✓ accepted +switched/);
  expect(text).toContain(' Log in to LeadConduit, then press 2. Next check in 3 s.');
  expect(text.replaceAll(/\s+/g, ' ')).toContain(' Log in to SuppressionList at https://list.test/login, then press 3. Next check in 3 s.');
  expect(text).toContain('Waiting 1 more minute. Press q to leave; start again to continue.');
  expect(shown([{ ...lead, saidAt: 1 }])).toContain('You logged in, but it has not switched yet.');
  expect(shown([{ ...lead, new: answered('nothing') }])).toContain('No usable answer (timeout).');
  expect(shown([switched])).not.toContain('Press q');
});
test('doubts the new key first, once, where it is refused everywhere and the old one tells nothing', () => {
  const refuses = { ...lead, old: answered('refused') };
  const doubt = 'The new key may be wrong. If it is mistyped or cut short, press q and start again.';
  for (const each of [refuses, { ...lead, old: undefined }, { ...refuses, saidAt: 1 }])
    expect(
      shown([each, each, lead], 100)
        .split('\n')
        .filter((line) => line === doubt),
    ).toHaveLength(1);
  for (const products of [[refuses, switched], [lead], [{ ...refuses, over: true }]]) expect(shown(products)).not.toContain('may be wrong');
});
for (const width of [120, 80, 40, 20])
  test(`fits ${width} columns; what is longer goes on below, so far as words do`, () => {
    const note = 'The refusal differs from the documentation: expected 401 Unauthorized, got 403 Forbidden';
    const lines = shown([lead, list, switched], width, () => note).split('\n');
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
    if (width < 40) return;
    const text = lines.join(' ').replaceAll(/\s+/g, ' ');
    for (const each of [note, 'old key ✗ refused', 'new key ✓ accepted', 'Log in to LeadConduit, then press 1.'])
      expect(text).toContain(each);
  });

test('ends with what to do about each product', () => {
  const refuses = { ...list, old: answered('refused') };
  const wrong = 'The new key may be wrong: check that it is not mistyped or cut short. If it is right, log in to';
  const logIn = 'log in to it at https://list.test/login, then start again to continue.';
  for (const [products, lines] of [
    [[switched], ['LeadConduit accepts the new key and refuses the old one.']],
    [[switched, { ...switched, title: 'SuppressionList' }], ['LeadConduit and SuppressionList accept the new key and refuse the old one.']],
    [
      [lead, list],
      ['LeadConduit has not switched: log in to it, then start again to continue.', `SuppressionList has not switched: ${logIn}`],
    ],
    [[{ ...lead, saidAt: 1 }], ['LeadConduit still accepts only the old key, although someone has logged in to it.']],
    [[refuses], [`SuppressionList refuses both keys. ${wrong} SuppressionList at https://list.test/login, then start again to continue.`]],
    [
      [
        { ...lead, old: undefined },
        { ...list, old: undefined },
      ],
      [
        `LeadConduit and SuppressionList refuse the new key. ${wrong} LeadConduit and SuppressionList at https://list.test/login, then start again to continue.`,
      ],
    ],
    [
      [switched, refuses],
      [`SuppressionList refuses both keys, but another product accepts the new one: ${logIn} Or the account is not subscribed to it.`],
    ],
    [
      [{ ...lead, new: answered('accepted') }],
      ['LeadConduit accepts both keys. The old one should have stopped working when someone logged in.'],
    ],
    [[{ ...lead, new: answered('nothing') }], [`LeadConduit gave no usable answer (timeout). ${causes.timeout}`]],
  ] as const)
    expect(endingLines(products, pages)).toEqual(lines);
});
test('the documented page to log in at belongs to the documented host', () => {
  const { server, loginPage } = loadProduct('trustedform');
  expect(loginPage).toBe('https://app.trustedform.com');
  expect(loginPagesOf({ trustedform: server })).toEqual({ trustedform: loginPage });
  expect(loginPagesOf({})).toEqual({ trustedform: loginPage });
  for (const base of ['https://cert.staging.trustedform.com', 'http://127.0.0.1:4802'])
    expect(loginPagesOf({ trustedform: base })).toEqual({});
  for (const { server: api, loginPage: page } of Object.values(loadProducts())) expect(page).not.toBe(api);
});
