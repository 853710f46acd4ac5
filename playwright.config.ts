import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';
import { readConfiguration } from './src/configuration/configuration.ts';
import { readEnvironment } from './src/configuration/environment.ts';
import { productIds } from './src/specifications/model.ts';

// What starts after the global setup inherits what the first process read, and no keys to read again.
if (process.env.CONFORMANCE_SOCKET === undefined) {
  const { products, reportsDir } = readConfiguration(readEnvironment(process.env, process.cwd()));
  process.env.CONFORMANCE_PRODUCTS = (products.length === 0 ? productIds : products.map(({ id }) => id)).join(',');
  process.env.CONFORMANCE_OUTPUT ??= join(reportsDir, 'playwright');
}
const products = (process.env.CONFORMANCE_PRODUCTS ?? '').split(',');
if (process.argv.some((each) => each.startsWith('--trace'))) process.env.CONFORMANCE_TRACE = '1';

// Modules are named without their extension: in a clone it is .ts, in the package .js.
export default defineConfig({
  testDir: 'tests',
  globalSetup: require.resolve('./tests/setup'),
  // A product is a project; what belongs to no single product is in one of its own.
  // One worker each: a second one for the same product would cost more to start than it saves.
  projects: [...products.map((name) => ({ name, workers: 1, grepInvert: /@account/ })), { name: 'account', workers: 1, grep: /@account/ }],
  reporter: [[require.resolve('./tests/reporter')], ...(process.env.CONFORMANCE_COMMAND === '1' ? [] : [['list'] as ['list']])],
  outputDir: process.env.CONFORMANCE_OUTPUT as string,
  // Requests have a timeout of their own; a run that keeps a pace may be long, and is not to be cut.
  timeout: 0,
  workers: Math.max(2, Math.min(4, availableParallelism())),
  forbidOnly: true,
});
