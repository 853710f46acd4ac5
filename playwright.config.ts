import { defineConfig } from '@playwright/test';
import { productIds } from './src/spec/model.ts';
import { readConfiguration, readEnvironment } from './src/target/index.ts';

// A worker inherits what the first process read, and no keys to read again.
if (process.env.CONFORMANCE_PRODUCTS === undefined || process.env.TEST_WORKER_INDEX === undefined) {
  const { products } = readConfiguration(readEnvironment(process.env, process.cwd()));
  process.env.CONFORMANCE_PRODUCTS = (products.length === 0 ? productIds : products.map(({ id }) => id)).join(',');
}
const products = process.env.CONFORMANCE_PRODUCTS.split(',');

export default defineConfig({
  testDir: 'tests',
  globalSetup: './tests/setup.ts',
  // A product is a project; what belongs to no single product is in one of its own.
  projects: [...products.map((name) => ({ name, grepInvert: /@account/ })), { name: 'account', grep: /@account/ }],
  reporter: [['./tests/reporter.ts'], ...(process.env.CONFORMANCE_COMMAND === '1' ? [] : [['list'] as ['list']])],
  outputDir: process.env.CONFORMANCE_OUTPUT ?? 'reports/playwright',
  // Requests have a timeout of their own; a run that keeps a pace may be long, and is not to be cut.
  timeout: 0,
  workers: 2,
  forbidOnly: true,
});
