/** A browser installed on this machine; the suite does not include one. */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from '@playwright/test';

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

/** A fixture for all tests of a worker: a browser takes longer to start than a test does. */
export async function oneBrowser({}, use: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await launch();
  await use(browser);
  await browser.close();
}

export const launch = (): Promise<Browser> => chromium.launch({ args: quiet, ...(executablePath === undefined ? {} : { executablePath }) });
