/** The front page: what comes first, what is shown where, with and without the text of a page, and that no text can inject markup. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, type Page } from '@playwright/test';
import { conforms, inconclusive, noted, violates } from '../src/judge/check.ts';
import { sitePage } from '../src/publish/site-page.ts';
import { writeAllurePage } from '../src/report/allure/write.ts';
import { coverageInWords, coverageOf } from '../src/report/coverage.ts';
import { fold } from '../src/report/fold.ts';
import type { Run } from '../src/report/model.ts';
import { frontPage } from '../src/report/page/page.ts';
import { withText } from '../src/report/page/text.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { executablePath, notOpened, openTab, shutsNobodyOut, type Tab, test } from './browser.ts';
import { documentation, html, markdown, read } from './drift-page.ts';
import { asPage } from './matrix-page.ts';
import { accepted, checked, embedded, exchange, inert, notRun, runOf, timeline, versions } from './report-runs.ts';

const hostile = '<img src=x onerror="window.ran=1"><script>window.ran=2</script>';
const run: Run = runOf(
  [
    checked('auth-required', 'leadconduit', [conforms('GET /flows', [accepted()]), conforms('GET /fields', [accepted()])]),
    checked('failure-status', 'leadconduit', [violates('nothing', [exchange()], '418\n', hostile), violates('other', [], '401', '402')]),
    checked('failure-status', 'trustedform', [inconclusive('GET /{cert_id}/validate', [exchange()], 'timeout', 'no answer in time')]),
    notRun('rfc9110-head', 'leadconduit', 'something else'),
  ],
  { name: hostile, timelines: [timeline] },
);
const pageOf = (of: Run): string => {
  const conformance = fold(of, documentation, versions);
  return frontPage({ run: of, conformance, documentation, products: loadProducts() });
};
const conformance = fold(run, documentation, versions);
const page = pageOf(run);
const filled = (text: string, format: 'markdown' | 'html' = 'markdown', html = page): string =>
  withText(html, { source: 'tea.md', sections: read(text, format) }) ?? '';
/** The positions of these texts in the page, in the given order. */
const places = (...texts: readonly string[]): readonly number[] => texts.map((each) => page.indexOf(each));

test.describe('as a text', () => {
  test('says the verdict, how far to trust it, what broke and what to do, in this order', () => {
    const order = places(
      '✗ Violates: 1 of',
      'https://lead.test',
      'Before you rely on this verdict',
      'What broke',
      'What could not be determined',
      'Requirements by product',
      'After the reset',
      'Documented calls',
      'The promises',
    );
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(order[0]).toBeGreaterThan(0);
    expect(page).toMatch(/<li>SuppressionList .*not tested: set <code>SUPPRESSIONLIST_URL<\/code>.*\.<\/li>/);
    expect(page).toContain('<li>Not run: needs something else: <code>rfc9110-head</code>.</li>');
    expect(page).toContain(String.raw`<code>418\n</code>`);
    expect(page).toContain('No answer within REQUEST_TIMEOUT_MS.');
    expect(page).toContain('npm run conformance -- --from reports --grep failure-status --project leadconduit</code>');
    expect(page).toContain('<a href="recording/leadconduit.har">recording</a>');
    // Findings of one requirement share its promise.
    expect(page.match(/<b>Promise:<\/b>/g)).toHaveLength(2);
  });
  test('says at the top that the embedded host was tested', () => {
    const own = pageOf(runOf([checked('failure-status', 'leadconduit', [conforms('nothing', [])])], { target: embedded }));
    expect(own).toMatch(/<h1[^>]*>✓ Conforms: [^<]*\(embedded host; says nothing about the real one\)/);
    expect(own).toContain('Before you rely on this verdict');
    expect(own).toContain('Nothing that was checked breaks a promise.');
  });
  test('has no text until a page is given, and then each sentence once', () => {
    const sentence = '<p>Warm water is free.</p>';
    expect(page).not.toContain('Warm water');
    expect(page).not.toContain('Sentence or sample');
    expect(filled(markdown).split(sentence)).toHaveLength(2);
    expect(filled(markdown)).toContain('With the text of tea.md.');
    expect(filled(html, 'html').replaceAll(/<pre.*?<\/pre>/gs, '')).toBe(filled(markdown).replaceAll(/<pre.*?<\/pre>/gs, ''));
  });
  test('can be filled again with another text', () => {
    const again = filled(markdown.replace('is free', 'is dear'), 'markdown', filled(markdown));
    expect(again).toContain('<p class="gone">No longer on the page.</p>');
    expect(again).toContain('not covered by a promise</h3><p>Warm water is dear.</p>');
    expect(filled(markdown, 'markdown', again)).toBe(filled(markdown));
  });
  test('shows text under a new heading', () => expect(filled(`${markdown}\n# More\n\nMilk.\n`)).toContain('<p>Milk.</p>'));
  test('is not made from any other file', () => expect(withText('<html></html>', { source: 'x', sections: [] })).toBeUndefined());
  test('has a place for each sentence with its promises, and collapses what is not checked', () => {
    const rows = [...page.matchAll(/<li class="row[^"]*" id="s-([0-9a-f]{12})">/g)].map(([, fingerprint]) => fingerprint ?? '');
    expect(rows.toSorted()).toEqual(
      documentation.sections.flatMap(({ sentences }) => sentences.map(({ fingerprint }) => fingerprint)).toSorted(),
    );
    expect(page.match(/<article id="[^"]*"/g)).toEqual(
      ['auth-required', 'documented-call', 'failure-status', 'failure-headers', 'rfc9110-head'].map((id) => `<article id="${id}"`),
    );
    expect(page).toMatch(/<details><summary>\d sentences? or samples? (is|are) not checked<\/summary><ol><li[^>]*>[\s\S]*A riddle\./);
    expect(page).toContain('<strong>About the page itself:</strong> It is &lt;b&gt;odd&lt;/b&gt;.');
    expect(page).toContain('Water <code>costs</code> nothing.');
  });
  test('no text becomes markup in it, and it runs only its own script', () => {
    const text = markdown.replace('is free.', 'is `<script>window.ran=3</script>` `<!--/text-->` off.');
    for (const each of [page, filled(text)]) {
      expect(each).not.toMatch(/<img/);
      expect(each.match(/<script/g)).toHaveLength(1);
      expect(each).toContain('&lt;img src=x onerror=&quot;');
    }
    expect(filled(text)).toContain('&lt;script&gt;window.ran=3&lt;/script&gt; &lt;!--/text--&gt; off');
    expect(inert).toContain(hostile);
  });
  test('is small', () => expect(page.length).toBeLessThan(50_000));
});

test.describe('coverage', () => {
  test('counts how many of the documented calls have checks', () => {
    const [leadconduit, trustedform, ...others] = coverageOf(run, loadProducts());
    expect(others).toEqual([]);
    expect(leadconduit).toMatchObject({ checked: 2, notServed: [], documented: 52 });
    expect(leadconduit?.left).toHaveLength(43);
    expect(trustedform).toMatchObject({ checked: 0, documented: 5 });
    expect(page).toContain('<tr><th scope="row">LeadConduit</th><td>2 of 52</td></tr>');
    expect(page).toContain('<code>GET /status</code>: The old index lists it.');
  });
  test('lists what a host does not serve', () => {
    const missing = noted('GET /caps', [exchange({ credentials: 'Basic API : key' }, { status: 404 })], 'an answer', '404');
    const [coverage] = coverageOf(runOf([checked('key-for-all-calls', 'leadconduit', [missing])]), loadProducts());
    expect(coverage).toMatchObject({ checked: 0, notServed: ['GET /caps'] });
    expect(coverageInWords(coverage === undefined ? [] : [coverage]).join()).toContain('leadconduit 0 of 52 (1 not served there)');
  });
});

test.describe('in a browser', () => {
  // In one tab, one after another.
  test.describe.configure({ mode: 'default' });
  test.skip(executablePath === undefined, notOpened);

  let tab: Tab;
  test.beforeAll(async ({ window }) => {
    tab = await openTab(window, /^file:/);
  });
  test.afterEach(() => expect(tab.troubles.splice(0)).toEqual([]));

  const whole = filled(`${markdown}\n# More\n\n<b onclick="x">Milk</b>.\n`);
  const open = async (colorScheme: 'light' | 'dark', width: number, html = whole): Promise<Page> => {
    const file = test.info().outputPath('page.html');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, html);
    await tab.page.emulateMedia({ colorScheme, media: null });
    await tab.page.setViewportSize({ width, height: 900 });
    await tab.page.goto(pathToFileURL(file).href);
    return tab.page;
  };

  const looks = [
    ['light', 1400],
    ['dark', 390],
  ] as const;
  for (const [scheme, width] of looks)
    test(`has nothing that shuts anybody out, ${scheme}, ${width} px wide`, async () => {
      const opened = await open(scheme, width);
      await shutsNobodyOut(opened);
      expect(await opened.evaluate('window.ran')).toBeUndefined();
    });

  const others = {
    'the list of runs of a site': sitePage(
      [
        {
          folder: 'a',
          conformance,
          times: { leadconduit: { firstNewAccepted: 12, lastOldAccepted: -3 } },
          files: ['index.html', 'conformance.json'],
        },
      ],
      true,
    ),
    'the matrix': asPage([
      { id: 'violates/failure-status/teapot', why: 'a teapot', verdicts: { 'failure-status': 'violates', 'rfc9110-head': 'noted' } },
    ]),
    'a run in which nothing was checked': pageOf(runOf([])),
  };
  for (const [name, html] of Object.entries(others))
    for (const [scheme, width] of looks)
      test(`${name} has nothing that shuts anybody out, ${scheme}, ${width} px wide`, async () => {
        await shutsNobodyOut(await open(scheme, width, html));
      });

  test('is walked through by keyboard', async () => {
    const opened = await open('light', 1400);
    await opened.keyboard.press('Tab');
    await expect(opened.getByRole('link', { name: 'Skip to the findings' })).toBeFocused();
    await opened.keyboard.press('Enter');
    await opened.keyboard.press('Tab');
    await expect(opened.getByRole('article').first().getByRole('link', { name: 'LeadConduit' })).toBeFocused();
  });

  test('copies a line as it stands there', async () => {
    const opened = await open('light', 1400);
    await opened.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const line = opened.locator('.line').first();
    await line.getByRole('button', { name: 'Copy' }).click();
    await expect(line.getByRole('button', { name: 'Copied' })).toBeVisible();
    expect(await opened.evaluate('navigator.clipboard.readText()')).toBe(await line.locator('code').textContent());
  });

  test('is whole on paper', async () => {
    const opened = await open('dark', 700);
    await opened.emulateMedia({ media: 'print' });
    expect(await opened.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    await expect(opened.getByRole('navigation')).toBeHidden();
    await expect(opened.getByRole('article', { name: /^auth-required/ })).toBeVisible();
  });

  test('leads to the result in the Allure report', async ({}, testInfo) => {
    const opened = await open('light', 1400);
    await writeAllurePage({ run, conformance, documentation }, testInfo.outputPath('allure'));
    await opened.getByRole('table').first().getByRole('link', { name: 'inconclusive' }).click();
    await expect(opened.getByText('failure-status on trustedform').first()).toBeVisible();
    await expect(opened.getByTestId('test-result-info-title')).toHaveText('failure-status on trustedform');
    expect(readFileSync(testInfo.outputPath('page.html'), 'utf8')).toContain('allure/index.html#');
  });
});
