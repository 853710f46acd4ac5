// What came out, for people and for machines: a run's results folded to verdicts, the printout for a terminal, the Allure page.
export { preload, writeAllurePage } from './allure/index.ts';
export { blankReport } from './blank.ts';
export { called } from './called.ts';
export { coverageInWords, coverageOf } from './coverage.ts';
export { fold, inOrder, outcomesOf } from './fold.ts';
export { annotations, badge, junit, summary } from './machine/index.ts';
export type { Conformance, Finding, Result, Run } from './model.ts';
export { standAlone } from './page/document.ts';
export { escaped } from './page/escape.ts';
export { annotatedPage, type PageText, withText } from './page/index.ts';
export { type PrintoutOptions, printout } from './terminal/index.ts';
export { withUncheckedProducts } from './unchecked.ts';
export { visible } from './visible.ts';
export { headline, targetName, titleOf, verdictWords } from './words.ts';
