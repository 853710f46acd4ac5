/** Where Allure's results are written, and which of Allure's variables are not used. */

/** The folder of the results, below Playwright's `outputDir`: with `--reporter` a reporter gets no options, but it does get that folder. */
export const resultsFolder = 'allure-results';

/** The first silently leaves out tests, the second makes Allure's reporter send its results to another process instead of writing them. */
export const unusedVariables = ['ALLURE_TESTPLAN_PATH', 'ALLURE_TEST_MODE'] as const;
