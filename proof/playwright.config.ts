import { defineConfig } from '@playwright/test';

const commands =
  /\/(allure|command|host-command|hosts-command|leaks|leaks-interrupted|where-keys-go|limits|answers-as-text|reset-command|verify-reset|shards|packed|workflows|drift-command|page|front-page|staging|disk|help|editor|from|replay|twenty-runs|fourth-product)\.spec\.ts$/;

/** Tests of the suite itself. They ignore the user's `.env` and start what they need. */
export default defineConfig({
  testDir: '.',
  outputDir: '../proof-results/artifacts',
  fullyParallel: true,
  workers: 2,
  timeout: 120_000,
  forbidOnly: true,
  reporter: [['dot'], ['./matrix-reporter.ts']],
  // Tests that start commands or a browser take longer than all the others; `npm test` runs both projects.
  projects: [
    { name: 'proof', testIgnore: commands },
    { name: 'commands', testMatch: commands },
  ],
});
