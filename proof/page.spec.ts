/** The Allure page, opened the way a reader opens it: from disk, in a browser. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, expect, type Locator } from '@playwright/test';
import { violates } from '../src/judge/check.ts';
import { writeAllurePage } from '../src/report/allure/write.ts';
import { fold } from '../src/report/fold.ts';
import type { Run } from '../src/report/model.ts';
import { executablePath, notOpened, openTab, test as pages, shutsNobodyOut, type Tab } from './browser.ts';
import { checked, documentation, exchange, inert, runs, versions } from './report-runs.ts';

// In one worker: making and opening three reports takes longer than the tests, so it is done once for all of them.
pages.describe.configure({ mode: 'default' });

const different = Array.from({ length: 300 }, (_, index) => violates(`row ${index}`, [exchange()], 'this', `that ${index}`));
/** One of them has a result with far more findings than are shown at once. */
const written = {
  ...runs,
  violating: { ...runs.violating, results: [...runs.violating.results, checked('failure-body', 'leadconduit', different)] },
};

let folder: string;
const opened = new Map<string, Promise<Tab>>();

/** Later tests start from the overview of the page that an earlier one has opened. */
const test = pages.extend<{ open: (name: keyof typeof written) => Promise<Tab> }>({
  open: ({ window }, use) =>
    use(async (name) => {
      const found = opened.get(name) ?? openPage(window, name);
      opened.set(name, found);
      const { page } = await found;
      // Behind another tab it would not be drawn.
      await page.bringToFront();
      await page.evaluate("location.hash = ''");
      await page.getByTestId('tree-arrow').first().waitFor();
      return found;
    }),
});

async function openPage(window: BrowserContext, name: string): Promise<Tab> {
  const tab = await openTab(window);
  await tab.page.goto(pathToFileURL(join(folder, name, 'index.html')).href);
  return tab;
}

const write = (run: Run, dir: string): Promise<void> =>
  writeAllurePage({ run, documentation, conformance: fold(run, documentation, versions) }, dir);

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'allure-page-'));
  for (const [name, run] of Object.entries(written)) await write(run, join(folder, name));
});
test.afterAll(() => rm(folder, { recursive: true }));

test.describe('as a file', () => {
  test('is a single file, and nothing else is left behind', async () => {
    for (const name of Object.keys(written)) expect(await readdir(join(folder, name))).toEqual(['index.html']);
  });

  test('needs no network to be generated', async () => {
    const connect = Socket.prototype.connect;
    let connections = 0;
    Socket.prototype.connect = function (this: Socket) {
      connections++;
      return this;
    };
    try {
      await write(written.conforming, join(folder, 'again'));
    } finally {
      Socket.prototype.connect = connect;
    }
    expect(connections).toBe(0);
  });

  test('does not have the tracking script that Allure adds', async () => {
    const template = await readFile(join(require.resolve('@allurereport/plugin-awesome'), '../generators.js'), 'utf8');
    expect(template, 'Allure has dropped its tracking script, and the cut can go').toMatch(
      /googletagmanager\.com[\s\S]*analyticsEnable: true/,
    );
    for (const name of Object.keys(written)) {
      const html = await readFile(join(folder, name, 'index.html'), 'utf8');
      expect(html.match(/googletagmanager|google-analytics|gtag\(/)).toBeNull();
      expect(html).toMatch(
        /<meta charset="utf-8">\s*<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-[\w+/=]+';/,
      );
    }
  });

  test('does not name the machine on which it was generated', async () => {
    const html = await readFile(join(folder, 'violating', 'index.html'), 'utf8');
    const data = [...html.matchAll(/d\("[^"]+","([^"]*)"\)/g)].map(([, content]) => Buffer.from(content ?? '', 'base64').toString());
    expect(data.length).toBeGreaterThan(10);
    expect(data.join('\n')).not.toContain('"name":"host"');
    expect(data.join('\n')).not.toContain(hostname());
  });
});

test.describe('in a browser', () => {
  test.skip(executablePath === undefined, notOpened);

  const titles = {
    conforming: ['1 of 4 promises checked, all kept', 'EMBEDDED HOST (says nothing about the real one)'],
    violating: ['failure-status, failure-body broken (2 of 4)', `lead.test, form.test – Nightly ${inert}`],
    inconclusive: ['failure-status could not be determined (1 of 4)', 'lead.test, form.test'],
  };
  const statuses = {
    conforming: ['passed 2', 'skipped 4'],
    violating: ['failed 3', 'passed 1', 'skipped 3'],
    inconclusive: ['broken 1', 'skipped 5'],
  };
  for (const name of ['conforming', 'violating', 'inconclusive'] as const)
    test(`shows the ${name} run in title and statuses, and loads nothing`, async ({ open }) => {
      const { page, troubles } = await open(name);
      const [outcome, tested] = titles[name] as [string, string];
      const title = `ActiveProspect authentication: ${outcome}`;
      await expect(page).toHaveTitle(new RegExp(`^${escaped(`${title} – ${tested}`)}`));
      await expect(page.getByTestId('report-title')).toBeInViewport();
      // Two lines.
      expect((await page.getByTestId('report-title').allInnerTexts()).join()).toMatch(new RegExp(`^${escaped(`${title}\n${tested}`)}`));
      const told = page.getByTestId(/^metadata-item-(failed|broken|passed|skipped)$/);
      expect((await told.allInnerTexts()).map((text) => text.toLowerCase().replaceAll(/\s+/g, ' '))).toEqual(statuses[name]);
      expect(troubles).toEqual([]);
    });

  test('has sections and requirements in the page’s order', async ({ open }) => {
    const { page } = await open('conforming');
    expect(await page.getByTestId('tree-section-title').allInnerTexts()).toEqual(['Failure to authenticate', 'API key', 'Standards']);
    await page.getByText('Failure to authenticate').click();
    await expect(page.getByTestId('tree-section-title')).toHaveText([
      'Failure to authenticate',
      'failure-status',
      'failure-body',
      'failure-headers',
      'API key',
      'Standards',
    ]);
  });

  test('says how to read it in two lines, and with which settings the run was made', async ({ open }) => {
    const { page } = await open('inconclusive');
    const lines = page.getByTestId('report-variables').getByTestId('metadata-item');
    await expect(lines).toHaveCount(2);
    await expect(lines.first()).toContainText('broken: could not be determined');
    await expect(lines.last()).toContainText('critical: required by the page');
    // One line each.
    for (const each of await lines.getByTestId('metadata-item-value').all()) expect((await each.boundingBox())?.height).toBeLessThan(24);
    await expect(page.getByText('Inconclusive: 1 of 4 required promises could not be determined').first()).toBeVisible();
    await page.getByText('Show more').click();
    await expect(page.getByTestId('metadata-item').filter({ hasText: 'ACTIVEPROSPECT_API_KEY' })).toContainText('set');
  });

  // Each is found first: where Allure has renamed one, nothing would be hidden.
  test('hides what is always empty here', async ({ open }) => {
    const { page } = await open('violating');
    for (const id of ['nav-tab-qualityGate', 'nav-tab-globalAttachments', 'nav-tab-globalErrors']) await isHidden(page.getByTestId(id));
    for (const id of ['retry', 'flaky', 'transition', 'resolution']) await isHidden(page.getByTestId(`${id}-filter`));
    await expect(page.getByTestId('severity-filter')).toBeVisible();
    await page.getByText('failure-body on trustedform').click();
    for (const id of ['history', 'retries', 'environments']) await isHidden(page.getByTestId(`test-result-tab-${id}`));
    await expect(page.getByTestId('test-result-tab-attachments')).toBeVisible();
  });

  test('shows the promise, the actual value and the exchange, all as plain text', async ({ open }) => {
    const { page, troubles } = await open('violating');
    const asked = new Promise<string>((resolve) =>
      page.context().route('https://docs.test/**', (route) => {
        resolve(route.request().url());
        return route.abort();
      }),
    );
    await page.getByText('failure-status on leadconduit').click();
    await expect(page.getByTestId('test-result-error-message')).toContainText(`expected 401, got ${inert}`);
    const description = page.frameLocator('iframe[title="Description"]');
    await expect(description.getByText('A refusal has status 401.')).toBeVisible();
    await expect(description.getByText('Based on: a sentence of the page.')).toBeVisible();
    const [popup] = await Promise.all([
      page.context().waitForEvent('page'),
      description.getByRole('link', { name: 'Read “Failure to authenticate”' }).click(),
    ]);
    expect(await asked).toBe('https://docs.test/authentication');
    await popup.close();
    await page.bringToFront();
    await expect(page.getByRole('link', { name: 'Failure to authenticate, as published' })).toHaveAttribute(
      'href',
      'https://docs.test/authentication#failure',
    );
    // Its failing step is open.
    await page.getByText('GET /flows (Basic API : key, last character changed) → 401').click();
    const evidence = page.getByTestId('http-attachment-content');
    await expect(evidence).toContainText('Basic API : key, last character changed (redacted)');
    await expect(evidence.getByTestId('code-attachment-content')).toHaveText(`first\n${inert} *****`);
    await evidence.getByText('Headers (1)').click();
    await expect(evidence.getByRole('cell', { name: inert })).toBeVisible();
    await page.getByRole('button', { name: 'Show difference' }).first().click();
    await page.keyboard.press('Escape');
    expect(await page.evaluate('[window.ran, document.querySelectorAll(\'img[src="x"]\').length]')).toEqual([undefined, 0]);
    expect(troubles).toEqual([]);
  });

  test('says what to do for an inconclusive result', async ({ open }) => {
    const { page } = await open('inconclusive');
    await page.getByText('failure-status on leadconduit').click();
    await expect(page.getByTestId('test-result-error-message')).toContainText('no answer in time');
    await expect(
      page.frameLocator('iframe[title="Description"]').getByText('What to do next: No answer within REQUEST_TIMEOUT_MS.'),
    ).toBeVisible();
  });

  test('opens a result at its failing step: promise, difference, ten of many equal findings, and what repeats them', async ({ open }) => {
    const { page } = await open('violating');
    await page.getByText('failure-body on trustedform').click();
    await expect(page.getByTestId('test-result-step-title').filter({ hasText: /^row \d+$/ })).toHaveCount(10);
    await expect(page.getByText('and 2 more with the same finding')).toBeVisible();
    const marked = [
      'expected  …hentication failed"}',
      'got       …hentication failed"}\\n',
      '                               ^^ first difference: character 34',
    ].join('\n');
    const value = page.getByTestId('test-result-step-content').first().getByTestId('metadata-item-value').first();
    expect(await value.allInnerTexts()).toEqual([marked]);
    await expect(value.getByText('expected')).toHaveCSS('font-family', /monospace/);
    const description = page.frameLocator('iframe[title="Description"]');
    await expect(description.locator('pre').first()).toHaveText(marked);
    await expect(description.locator('pre').nth(1)).toContainText('--grep failure-body --project trustedform');
    await expect(description.getByText('What to do next: Fix the host')).toBeVisible();
    const places = await Promise.all(
      [
        page.getByTestId('test-result-error').first(),
        page.getByTestId('test-result-description'),
        page.getByText('Test body'),
        page.getByText('Labels', { exact: true }),
      ].map(async (each) => (await each.boundingBox())?.y ?? Number.NaN),
    );
    expect(places).toEqual(places.toSorted((one, other) => one - other));
  });

  test('opens at once however much was found: of the different findings twenty are open', async ({ open }) => {
    const { page } = await open('violating');
    await page.getByText('failure-body on leadconduit').click();
    await expect(page.getByTestId('test-result-step-title').last()).toContainText('row 299: expected this, got that 299');
    await expect(page.getByTestId('test-result-step-content')).toHaveCount(20);
  });

  for (const colorScheme of ['light', 'dark'] as const)
    test(`can be read by everybody, ${colorScheme}`, async ({ open }) => {
      const { page } = await open('violating');
      await page.emulateMedia({ colorScheme });
      await expect(page.locator('html')).toHaveAttribute('lang', 'en');
      await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
      const look = { allures: true, colorsOnly: colorScheme === 'dark' };
      await shutsNobodyOut(page, look);
      await page.getByText('failure-body on trustedform').click();
      await page.getByText('GET /flows (Basic API : key, last character changed) → 401').first().click();
      await shutsNobodyOut(page, look);
      // A window that becomes narrow, with lines that then are too long for it.
      await page.setViewportSize({ width: 390, height: 900 });
      await shutsNobodyOut(page, look);
      await page.setViewportSize({ width: 1400, height: 900 });
      await page.getByText('GET /flows (Basic API : key, last character changed) → 401').first().click();
    });

  test('sorts findings into categories, by requirement and by cause', async ({ open }) => {
    const violating = (await open('violating')).page;
    await violating.getByText('Categories').first().click();
    await expect(violating.getByText('Violated: an answer breaks the promise')).toBeVisible();
    const unclear = (await open('inconclusive')).page;
    await unclear.getByText('Categories').first().click();
    await expect(unclear.getByText('Inconclusive: could not be determined', { exact: true })).toBeVisible();
    await expect(unclear.getByText('timeout', { exact: true })).toBeVisible();
  });

  test('runs only its own scripts', async ({ open }) => {
    const { page } = await open('conforming');
    await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.ran=1">')`);
    await page.evaluate(
      `{ const script = document.createElement('script'); script.textContent = 'window.ran = 2'; document.body.append(script); }`,
    );
    await page.evaluate(`fetch('https://lead.test').catch(() => { window.refused = true; })`);
    expect(await page.evaluate('[window.ran, window.refused]')).toEqual([undefined, true]);
  });
});

async function isHidden(element: Locator): Promise<void> {
  await expect(element).toBeAttached();
  await expect(element).toBeHidden();
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
