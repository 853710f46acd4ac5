import { defineConfig } from '@playwright/test';

/** Tests of the suite itself. They keep clear of the user's `.env` and start what they need. */
export default defineConfig({
  testDir: '.',
  outputDir: '../proof-results/artifacts',
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  forbidOnly: true,
  reporter: [['dot']],
});
