/** The Allure page, opened the way a reader opens it: from disk, in a browser. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, test as base, expect, type Page } from '@playwright/test';
import { writeAllurePage } from '../src/report/allure/write.ts';
import { fold } from '../src/report/fold.ts';
import type { Run } from '../src/report/model.ts';
import { executablePath, launch, notOpened } from './browser.ts';
import { documentation, inert, runs, versions } from './report-runs.ts';

// In one worker: making and opening three reports takes longer than the tests, so it is done once for all of them.
base.describe.configure({ mode: 'default' });

interface Opened {
  readonly page: Page;
  /** Requests to other origins, and errors on the page. */
  readonly troubles: string[];
}

type Open = (name: keyof typeof runs) => Promise<Opened>;

const test = base.extend<object, { folder: string; open: Open }>({
  folder: [
    async ({}, use) => {
      const folder = await mkdtemp(join(tmpdir(), 'allure-page-'));
      for (const [name, run] of Object.entries(runs)) await write(run, join(folder, name));
      await use(folder);
      await rm(folder, { recursive: true });
    },
    { scope: 'worker' },
  ],
  /** A page is opened once, because that takes longer than a test. Later tests start from its overview. */
  open: [
    async ({ folder }, use) => {
      const browser = await launch();
      const opened = new Map<string, Promise<Opened>>();
      await use(async (name) => {
        const found = opened.get(name) ?? openPage(browser, join(folder, name, 'index.html'));
        opened.set(name, found);
        const { page } = await found;
        await page.evaluate("location.hash = ''");
        await page.getByTestId('tree-arrow').first().waitFor();
        return found;
      });
      await browser.close();
    },
    { scope: 'worker' },
  ],
});

const write = (run: Run, dir: string): Promise<void> =>
  writeAllurePage({ run, documentation, conformance: fold(run, documentation, versions) }, dir);

async function openPage(browser: Browser, path: string): Promise<Opened> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  const troubles: string[] = [];
  page.on('request', (request) => /^(file|data|blob|about):/.test(request.url()) || troubles.push(request.url()));
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  await page.goto(pathToFileURL(path).href);
  return { page, troubles };
}

test.describe('as a file', () => {
  test('is a single file, and nothing else is left behind', async ({ folder }) => {
    for (const name of Object.keys(runs)) expect(await readdir(join(folder, name))).toEqual(['index.html']);
  });

  test('needs no network to be generated', async ({ folder }) => {
    const connect = Socket.prototype.connect;
    let connections = 0;
    Socket.prototype.connect = function (this: Socket) {
      connections++;
      return this;
    };
    try {
      await write(runs.conforming, join(folder, 'again'));
    } finally {
      Socket.prototype.connect = connect;
    }
    expect(connections).toBe(0);
  });

  test('does not have the tracking script that Allure adds', async ({ folder }) => {
    const template = await readFile(join(require.resolve('@allurereport/plugin-awesome'), '../generators.js'), 'utf8');
    expect(template, 'Allure has dropped its tracking script, and the cut can go').toMatch(
      /googletagmanager\.com[\s\S]*analyticsEnable: true/,
    );
    for (const name of Object.keys(runs)) {
      const html = await readFile(join(folder, name, 'index.html'), 'utf8');
      expect(html.match(/googletagmanager|google-analytics|gtag\(/)).toBeNull();
      expect(html).toMatch(
        /<meta charset="utf-8">\s*<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-[\w+/=]+';/,
      );
    }
  });

  test('does not name the machine on which it was generated', async ({ folder }) => {
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
    conforming: 'Conforms: EMBEDDED HOST (says nothing about the real one)',
    violating: `Violates: lead.test, form.test – Nightly ${inert}`,
    inconclusive: 'Inconclusive: lead.test, form.test',
  };
  const statuses = {
    conforming: ['passed 2', 'skipped 4'],
    violating: ['failed 2', 'passed 1', 'skipped 3'],
    inconclusive: ['broken 1', 'skipped 5'],
  };
  for (const name of ['conforming', 'violating', 'inconclusive'] as const)
    test(`shows the ${name} run in title and statuses, and loads nothing`, async ({ open }) => {
      const { page, troubles } = await open(name);
      await expect(page).toHaveTitle(new RegExp(`^${escaped(titles[name])}`));
      await expect(page.getByText(titles[name]).first()).toBeInViewport();
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

  test('says how to read it, and with which settings the run was made', async ({ open }) => {
    const { page } = await open('inconclusive');
    await page.getByText('Show more').click();
    for (const words of [
      'inconclusive: could not be determined',
      'required: stated by the page',
      'Inconclusive: 1 of 4 required promises could not be judged',
    ])
      await expect(page.getByText(words).first()).toBeVisible();
    await expect(page.getByTestId('metadata-item').filter({ hasText: 'ACTIVEPROSPECT_API_KEY' })).toContainText('set');
  });

  test('shows the promise, the actual value and the exchange, all as plain text', async ({ open }) => {
    const { page, troubles } = await open('violating');
    await page.getByText('failure-status on leadconduit').click();
    await expect(page.getByTestId('test-result-error-message')).toContainText(`expected 401, got ${inert}`);
    const description = page.frameLocator('iframe[title="Description"]');
    await expect(description.getByText('A refusal has status 401.')).toBeVisible();
    await expect(description.getByText('Rests on: a sentence of the page.')).toBeVisible();
    await expect(page.getByRole('link', { name: 'Failure to authenticate, as published' })).toHaveAttribute(
      'href',
      'https://docs.test/authentication#failure',
    );
    await page.getByText('Test body').click();
    await page
      .getByTestId('test-result-step-title')
      .filter({ hasText: /^nothing$/ })
      .click();
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

  test('shows ten of many equal findings and counts the rest', async ({ open }) => {
    const { page } = await open('violating');
    await page.getByText('failure-body on trustedform').click();
    await page.getByText('Test body').click();
    await page.getByText('12 checks: expected').click();
    await expect(page.getByText(/^row \d+$/)).toHaveCount(10);
    await expect(page.getByText('and 2 more with the same finding')).toBeVisible();
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

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
