/** Playwright's configuration, for the command and for plain `npx playwright test`. */
import '../src/short-lived.ts';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { readConfiguration } from '../src/configuration/configuration.ts';
import { readEnvironment } from '../src/configuration/environment.ts';
import { moduleAt } from '../src/root.ts';
import { productIds } from '../src/specifications/model.ts';

const isCommanded = process.env.CONFORMANCE_COMMAND === '1';
// The command says what is tested and where output goes; so does, to its workers, the process that reads the configuration here.
if (process.env.CONFORMANCE_PRODUCTS === undefined) {
  const { products, reportsDir } = readConfiguration(readEnvironment(process.env, process.cwd()));
  process.env.CONFORMANCE_PRODUCTS = (products.length === 0 ? productIds : products.map(({ id }) => id)).join(',');
  process.env.CONFORMANCE_OUTPUT ??= join(reportsDir, 'playwright');
}
if (process.argv.some((each) => each.startsWith('--trace'))) process.env.CONFORMANCE_TRACE = '1';

export default defineConfig({
  testDir: __dirname,
  // A command asks by itself.
  ...(isCommanded ? {} : { globalSetup: moduleAt('tests/setup') }),
  reporter: [[moduleAt('tests/reporter')], [moduleAt('src/report/allure/reporter')], ...(isCommanded ? [] : [['list'] as ['list']])],
  outputDir: process.env.CONFORMANCE_OUTPUT as string,
  // Requests have a timeout of their own; a run that keeps a pace may be long, and is not to be cut.
  timeout: 0,
  // To load one costs more than to judge everything.
  workers: 1,
  forbidOnly: true,
});
