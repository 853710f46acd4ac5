/**
 * How Allure's page is made to look: what it has no option for. Its classes have no names, so this holds on to its `data-testid`s; a proof
 * opens the page and tells when one of them has gone.
 */

/** Never filled here: nothing runs twice, and no one resolves or mutes a result. */
const neverFilled = [
  'nav-tab-qualityGate',
  'nav-tab-globalAttachments',
  'nav-tab-globalErrors',
  'retry-filter',
  'flaky-filter',
  'resolution-filter',
] as const;

/** Filled where earlier runs are at hand. */
const ofHistory = ['transition-filter'] as const;

/** Tabs of a result: one without a number has nothing to show. */
const emptyTabs = ['history', 'retries', 'attachments', 'environments'] as const;

const hiddenIn = ({ hasHistory }: Shown): string =>
  [
    ...[...neverFilled, ...(hasHistory ? [] : ofHistory)].flatMap((id) => [
      `[data-testid="${id}"]`,
      `div:has(> [data-testid="${id}"]:only-child)`,
    ]),
    ...emptyTabs.map((id) => `[data-testid="test-result-tab-${id}"]:not(:has([data-testid="counter"]))`),
  ].join(', ');

interface Shown {
  /** The page shows earlier runs. */
  readonly hasHistory: boolean;
}

/** What holds a result: its head, then one block after another. */
const result = 'div:has(> [data-testid="test-result-description"])';

/** CSS that is added to Allure's page. */
export const styleOf = (shown: Shown): string => `
  /* The heading of the whole page is for those who hear it: what is seen stands in Allure's own. */
  main { display: contents; }
  main > h1 { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); margin: 0; white-space: nowrap; }
  /* Allure's red has a contrast of 3.7 to 1 below white, and of 4.4 on its light red. */
  [data-testid="test-result-status-failed"] { background: #c81e1a !important; }
  [data-theme="light"] div:has([data-testid="test-result-status-failed"]) > div > [data-testid="test-result-error"] p { color: #b91c1c !important; }

  /* The outcome, and below it what was tested. */
  [data-testid="report-title"] { white-space: pre-line; }
  ${hiddenIn(shown)} { display: none !important; }

  /* Allure cuts what stands in the overview off at some twenty characters, and leaves long words, and telephones, no room. */
  [data-testid="metadata-list"] { grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)) !important; }
  [data-testid="report-variables"] [data-testid="metadata-list"] { grid-template-columns: 1fr !important; }
  [data-testid="metadata-item"] { grid-template-columns: fit-content(60%) minmax(0, 1fr) !important; column-gap: 1rem !important; align-items: start; }
  [data-testid="metadata-item-key"], [data-testid="metadata-item-value"] * { white-space: normal !important; overflow-wrap: anywhere; max-width: none !important; }
  [class*="http-attachment__summary"] { display: flex !important; flex-wrap: wrap; }
  [class*="http-attachment__summary"] > * { white-space: normal !important; overflow-wrap: anywhere; }

  /* Of a result, the promise and the failing step come before labels, parameters and links. */
  ${result} { display: flex; flex-direction: column; }
  ${result} > * { order: 3; }
  ${result} > :first-child { order: 0; }
  ${result} > :has(> [data-testid="test-result-error"]), ${result} > [data-testid="test-result-description"] { order: 1; }
  ${result} > :last-child { order: 2; }

  /* Where two texts differ: characters of one width, in three lines. */
  [data-testid="test-result-step-content"] [data-testid="metadata-list"] { grid-template-columns: 1fr !important; }
  [data-testid="test-result-step-content"] [data-testid="metadata-item-value"] * {
    white-space: pre !important; overflow-x: auto; text-overflow: clip; font-family: var(--font-family-mono, monospace); font-weight: normal;
  }

  /* Earlier runs that kept the promise have nothing to expand: they are indented like the others. */
  [data-testid="test-result-history-item"] > :first-child:not(:has(> button)) { padding-inline-start: 28px; }

  /* Off a site earlier runs have no address. */
  [data-testid="test-result-history-item"] a:not([href]) a { display: none; }

  @media (max-width: 600px) {
    /* The figure in Allure's picture of passed and failed is wider there than the picture. */
    div:has(> article [role="img"][aria-label^="Success rate"]) { display: none; }
    [data-testid="metadata-item"] { grid-template-columns: minmax(0, 1fr) !important; row-gap: 0 !important; }
    [data-testid="test-result-step-header"], [data-testid="test-result-attachment-header"], div:has(> [data-testid^="test-result-status-"]) { flex-wrap: wrap; }
    [data-testid="test-result-step-title"], [data-testid="test-result-attachment-header"] > :nth-child(4) { flex: 1 0 60%; }
  }
`;
