import { defineConfig } from '@playwright/test';

/** Tests that open a browser. */
const pages = /\/(front-page|page|twenty-runs)\.spec\.ts$/;
/** Tests that start commands. */
const commands =
  /\/(allure|command|compile|host-command|hosts-command|leaks|leaks-interrupted|where-keys-go|limits|answers-as-text|reset-command|verify-reset|shards|packed|workflows|drift-command|staging|disk|help|editor|from|fourth-product|watch)\.spec\.ts$/;

/** Tests of the suite itself. They ignore the user's `.env` and start what they need. */
export default defineConfig({
  testDir: '.',
  outputDir: '../proof-results/artifacts',
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  forbidOnly: true,
  reporter: [['dot'], ['./matrix-reporter.ts']],
  // `npm run proof` is the second of them, which is the fastest for what it tests; `npm test` runs all. Each of the first needs a worker of
  // its own, and would wait for one at the end.
  projects: [
    { name: 'pages', testMatch: pages },
    { name: 'proof', testIgnore: [pages, commands] },
    { name: 'commands', testMatch: commands },
  ],
});
