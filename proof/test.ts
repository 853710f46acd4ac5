/**
 * What the proof is written with. Few of its tests open a browser, and setting up the forty fixtures that Playwright has for one takes
 * longer than most tests.
 */
export { _baseTest as test, expect } from '@playwright/test';
