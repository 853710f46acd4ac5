// For `npx playwright test` and editors. The commands take the same configuration from dist/.
export { default } from './tests/config.ts';
