/** A browser installed on this machine, since the suite does not include one, and what every test of a page does with it. */
import { existsSync, readFileSync } from 'node:fs';
import { type Browser, type BrowserContext, test as base, chromium, expect, type Page } from '@playwright/test';
import type { RunOptions } from 'axe-core';

/** Undefined if there is none. */
export const executablePath = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
].find(existsSync);

export const notOpened = 'Chromium is not installed, so the page was not opened.';

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * For all tests of pages: files that use the same `test` are run in the same workers, each with one window of one browser. To open either
 * takes longer than a test, so their tabs stay open too: with the last one the window would close.
 */
export const test = base.extend<object, { window: BrowserContext }>({
  window: [
    async ({}, use) => {
      const browser = await launch();
      await use(await browser.newContext({ viewport: { width: 1400, height: 900 } }));
      await browser.close();
    },
    { scope: 'worker' },
  ],
});

export const launch = (): Promise<Browser> => chromium.launch({ args: quiet, ...(executablePath === undefined ? {} : { executablePath }) });

export interface Tab {
  readonly page: Page;
  /** Requests to anywhere but `loadable`, and errors on the page. */
  readonly troubles: string[];
}

/** What a page of one file may load. */
const inOneFile = /^(file|data|blob|about):/;

/** For one page, or for several of which one is opened after another: a small page takes less time than its tab. */
export async function openTab(window: BrowserContext, loadable = inOneFile): Promise<Tab> {
  const page = await window.newPage();
  const troubles: string[] = [];
  page.on('request', (request) => loadable.test(request.url()) || troubles.push(request.url()));
  page.on('pageerror', ({ message }) => troubles.push(message));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  return { page, troubles };
}

export interface Look {
  /** Only the rules about colors: for what was looked at in other colors already. */
  readonly colorsOnly?: boolean;
  /** The page is Allure's: without what CONTRIBUTING.md lists. */
  readonly allures?: boolean;
}

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** Axe finds nothing on the page as it is shown now, and the page is no wider than the screen. */
export async function shutsNobodyOut(page: Page, { colorsOnly = false, allures = false }: Look = {}): Promise<void> {
  const options: RunOptions = {
    // Of what passes, all nodes would be described too, which takes as long as to check them.
    resultTypes: ['violations'],
    // The only frame shows a description and runs no scripts, so axe would wait for it in vain.
    iframes: false,
    rules: { 'heading-order': { enabled: !allures } },
    ...(colorsOnly ? { runOnly: ['color-contrast', 'link-in-text-block'] } : {}),
  };
  const context = { exclude: allures ? ['body > :not(main)'] : [] };
  // A large program, so it is loaded once for all looks at a page.
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe);
  // Colors that are still fading from one to the other are neither.
  await page.evaluate('document.getAnimations().forEach((each) => each.finish())');
  const found = `axe.run(${JSON.stringify(context)}, ${JSON.stringify(options)}).then(({ violations }) => violations
    .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join()))`;
  expect(await page.evaluate(found)).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
}
