/**
 * A site with a memory: twenty runs, one after another, on hosts that keep and break promises. Each is published as the command publishes it,
 * with the history of the site, and added to the site. Then the site must say what happened, and every link must lead somewhere.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, type Locator, type Page } from '@playwright/test';
import { allDepartures } from '../src/host/departures.ts';
import { earlierIn } from '../src/publish/earlier.ts';
import { addRun } from '../src/publish/site.ts';
import { resultAnchor } from '../src/report/allure/description.ts';
import { historyName, type PastRun, runsIn } from '../src/report/allure/history.ts';
import type { Run } from '../src/report/model.ts';
import { executablePath, type Look, notOpened, openTab, shutsNobodyOut, type Tab, test } from './browser.ts';
import { published } from './published.ts';
import { embedded, ranAgainst } from './run.ts';

/** Hosts in the order in which they are tested, a day each: a departure, or undefined for the documented one. */
const days: readonly (string | undefined)[] = [
  ...[undefined, undefined, 'failure-body/trailing-newline', 'failure-body/trailing-newline', undefined],
  ...['username-ignored/only-api', 'username-ignored/only-api', undefined, 'failure-status/forbidden-instead', undefined],
  ...[undefined, undefined, 'failure-body/trailing-newline', 'failure-body/stock-text', undefined],
  ...[undefined, 'failure-body/stock-text', 'failure-body/stock-text', 'failure-body/trailing-newline', 'failure-body/stock-text'],
];
const product = 'suppressionlist';
const startOf = (index: number): string => `2025-01-${String(index + 1).padStart(2, '0')}T03:17:00.000Z`;

/** How `failure-body` ends on each day. Of an answer that is not a refusal by its status the body is not judged. */
const endings = days.map((departure): keyof typeof symbols => {
  if (departure?.startsWith('failure-body/')) return 'failed';
  return departure === 'failure-status/forbidden-instead' ? 'skipped' : 'passed';
});
const symbols = { failed: '✗', passed: '✓', skipped: '-' } as const;

// In one worker: twenty runs take longer than the tests.
test.describe.configure({ mode: 'default' });

interface Made {
  /** Holds both of the others. */
  readonly folder: string;
  readonly site: string;
  readonly reports: string;
  /** Folders of the site, the oldest run first. */
  readonly runs: readonly string[];
}

let made: Made;

test.beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'twenty-runs-'));
  const [site, reports] = [join(folder, 'site'), join(folder, 'reports')];
  const asked = new Map<string | undefined, Run>();
  for (const [index, departure] of days.entries()) {
    // Each host is asked once: it would answer the same the next day.
    const run = asked.get(departure) ?? (await runAgainst(departure));
    asked.set(departure, run);
    await publishRun({ ...run, startedAt: startOf(index) }, { site, reports });
  }
  made = { folder, site, reports, runs: readdirSync(join(site, 'runs')).sort() };
});
test.afterAll(() => rmSync(made.folder, { recursive: true }));

async function runAgainst(departure: string | undefined): Promise<Run> {
  const behavior = allDepartures().find(({ id }) => id === departure)?.change;
  if (departure !== undefined && behavior === undefined) throw new Error(`no departure is called ${departure}`);
  const run = await ranAgainst(embedded, { only: product, ...(behavior && { behavior }) });
  return { ...run, target: { kind: 'embedded', products: { [product]: run.target.products[product] ?? '' } } };
}

/** As the command does it with `--since`, and `publish-site` after it. */
async function publishRun(run: Run, { site, reports }: Pick<Made, 'site' | 'reports'>): Promise<void> {
  await published(run, { reports, earlier: existsSync(site) ? earlierIn(site) : undefined });
  await addRun({ reportsDir: reports, site, keep: 20, keepRecordings: 0, matrix: undefined, secrets: [] });
}

const linesIn = (folder: string): readonly PastRun[] => runsIn(readFileSync(join(folder, 'allure', historyName), 'utf8'));

/** The addresses of earlier runs in an Allure report, by test. */
function addressesIn(page: string): readonly (readonly string[])[] {
  const data = [...page.matchAll(/d\("data\/test-results\/[^"]+","([^"]*)"\)/g)];
  return data.map(([, content = '']) => {
    const { history } = JSON.parse(Buffer.from(content, 'base64').toString()) as { readonly history: readonly { readonly url: string }[] };
    return history.map(({ url }) => url);
  });
}

test('the page of the site says since when a promise is broken, and what each run has changed', () => {
  const page = readFileSync(join(made.site, 'index.html'), 'utf8');
  const [row = ''] = page.split('<tr ').filter((each) => each.includes('>failure-body</th>'));
  expect([...row.matchAll(/>(.)<\/a>/g)].map(([, symbol]) => symbol)).toEqual(endings.toReversed().map((each) => symbols[each]));
  expect(row).toContain('broken since 2025-01-17, for 4 runs');
  const changes = [...page.matchAll(/Since the run before: ([^<]*)<\/p>\n?<p><time datetime="([^"]*)"/g)];
  const changed = Object.fromEntries(changes.map(([, text = '', at = '']) => [Number(at.slice(8, 10)), text]));
  expect(changed[3]).toContain(`newly broken: failure-body on ${product}`);
  expect(changed[5]).toContain(`kept again: failure-body on ${product}`);
  expect(changed[6]).toBe(`newly broken: username-ignored on ${product}`);
  expect(changed[14]).toContain(`new finding: failure-body on ${product}`);
  expect(changed[2]).toBeUndefined();
});

test('each run of the site keeps its own line of the history, the reports folder all', () => {
  const { site, reports, runs } = made;
  expect(runs).toHaveLength(days.length);
  for (const [index, run] of runs.entries())
    expect(linesIn(join(site, 'runs', run)).map(({ uuid, timestamp }) => [uuid, timestamp])).toEqual([[run, Date.parse(startOf(index))]]);
  expect(linesIn(reports).map(({ uuid }) => uuid)).toEqual(runs);
  // In bytes, on one product.
  for (const run of runs) expect(statSync(join(site, 'runs', run, 'allure', historyName)).size).toBeLessThan(4000);
  // The same answers, first without and then with a history.
  const [without = 0, fifteen = 0] = [0, 15].map((day) => statSync(join(site, 'runs', runs[day] ?? '', 'allure/index.html')).size);
  expect(fifteen - without).toBeLessThan(15 * 6000);
});

test('each link of a history leads to a run of the site', () => {
  const { site, runs } = made;
  for (const [index, run] of runs.entries()) {
    const page = join(site, 'runs', run, 'allure/index.html');
    const histories = addressesIn(readFileSync(page, 'utf8'));
    expect(Math.max(...histories.map(({ length }) => length))).toBe(index);
    const addresses = histories.flat().map((address) => new URL(address, pathToFileURL(page)));
    expect(new Set(addresses.map(({ pathname }) => pathname)).size).toBe(index === 0 ? 0 : 1);
    for (const { pathname } of addresses.slice(0, 1)) expect(pathname).toBe(pathToFileURL(join(site, 'index.html')).pathname);
    const linked = new Set(addresses.map(({ hash }) => new URLSearchParams(hash.slice(1)).get('run')));
    expect([...linked].sort()).toEqual(runs.slice(0, index));
  }
});

test.describe('in a browser', () => {
  test.skip(executablePath === undefined, notOpened);

  let tab: Tab;
  test.beforeAll(async ({ window }) => {
    tab = await openTab(window);
  });
  test.afterEach(() => expect(tab.troubles.splice(0)).toEqual([]));

  /** Nothing is loaded again if it was opened last. */
  const open = async (file: string, hash = ''): Promise<Page> => {
    const address = pathToFileURL(file).href + hash;
    if (tab.page.url() !== address) await tab.page.goto(address);
    return tab.page;
  };
  /** The Allure report of that day. */
  const report = (day: number): string => join(made.site, 'runs', made.runs[day - 1] ?? '', 'allure/index.html');
  /** The history of `failure-body` in an Allure report. */
  const history = async (file: string): Promise<{ page: Page; items: Locator }> => {
    const page = await open(file, `#${resultAnchor('failure-body', product)}`);
    await page.getByTestId('test-result-tab-history').click();
    return { page, items: page.getByTestId('test-result-history-item') };
  };

  test('a result shows its last runs in order, with what was found, and a link to each', async () => {
    const { page, items } = await history(report(20));
    const shown = await items.getByTestId(/^tree-leaf-status-/).evaluateAll((icons) => icons.map((each) => each.dataset.testid));
    expect([`tree-leaf-status-${endings[19]}`, ...shown]).toEqual(endings.toReversed().map((each) => `tree-leaf-status-${each}`));
    await expect(page.getByTestId('test-result-prev-status')).toHaveCount(6);
    // On 17 January the host answered with its framework's own text.
    await items.nth(2).getByRole('button').click();
    await expect(items.nth(2).getByTestId('test-result-error-message')).toContainText('Access denied');
    await items.nth(2).getByRole('link').first().click();
    await page.waitForURL(new RegExp(`/runs/${made.runs[16]}/allure/index.html#`));
    await expect(page.getByTestId('test-result-error-message')).toContainText('Access denied');
    await page.goBack();
    await expect(page).toHaveURL(new RegExp(`/runs/${made.runs[19]}/`));
  });

  test('site and history can be read by everybody, in light and dark', async () => {
    const { page, items } = await history(report(20));
    await items.first().getByRole('button').click();
    await expect(items.first().getByTestId('test-result-error-message')).toBeVisible();
    await canBeRead(page, { allures: true });
    // `page.spec.ts` looks at the overview, but not on a telephone.
    await page.setViewportSize({ width: 390, height: 900 });
    await page.getByTestId('test-result-tab-overview').click();
    await expect(page.getByTestId('test-result-step-content').first()).toBeVisible();
    await shutsNobodyOut(page, { allures: true });
    await canBeRead(await open(join(made.site, 'index.html')));
  });

  test('says which results have become others, and calls none new or flaky', async () => {
    const broken = await open(report(17));
    await expect(broken.getByTestId('transition-filter')).toBeVisible();
    await expect(broken.getByTestId('tree-leaf-transition-regressed')).toHaveCount(1);
    await expect(broken.getByTestId(/^tree-leaf-(transition-new|flaky)/)).toHaveCount(0);
    const mended = await open(report(15));
    await mended.getByText('Failure to authenticate').click();
    await mended.getByTestId('tree-section-title').getByText('failure-body').click();
    await expect(mended.getByTestId('tree-leaf-transition-fixed')).toBeVisible();
  });

  test('the page of the site says so if a run is no longer there', async () => {
    const missed = await open(join(made.site, 'index.html'), '#run=2024-12-31T031700-abcdef&result=x');
    await expect(missed.getByText('That run is no longer on this site')).toBeVisible();
    const page = await open(join(made.site, 'index.html'));
    await expect(page.getByText('That run is no longer on this site')).toBeHidden();
  });

  test('off a site there is a history, and no link that would be dead', async () => {
    const { page, items } = await history(join(made.reports, 'allure/index.html'));
    await expect(items).toHaveCount(19);
    await expect(items.getByRole('link')).toHaveCount(0);
    await expect(page.getByTestId('test-result-prev-status').getByRole('link')).toHaveCount(0);
  });
});

/** On a screen and on a telephone. In the dark nothing but the colors is different. */
async function canBeRead(page: Page, look: Look = {}): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    if (look.allures) await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
    for (const width of [1400, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await shutsNobodyOut(page, { ...look, colorsOnly: colorScheme === 'dark' });
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1400, height: 900 });
}
