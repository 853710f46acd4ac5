/**
 * What the tests are written with. A test sends nothing: it waits for its product's recording, has it judged by the function that it names,
 * and turns each check into a step. Its outcome is the result.
 */
import { _baseTest, type TestInfo, test as withBrowsers } from '@playwright/test';
import { type Judge, judgeOf, type RequirementId } from '../src/judge/judges.ts';
import { once } from '../src/once.ts';
import { handedOver } from '../src/recording/handover.ts';
import type { Recording } from '../src/recording/recording.ts';
import { contextIn } from '../src/report/allure/context.ts';
import { descriptionOf } from '../src/report/allure/description.ts';
import { timelineOf } from '../src/report/timeline.ts';
import { isProductId, productIds } from '../src/specifications/model.ts';
import { show } from './show.ts';

/** The tested products, in the order used everywhere. */
export const products = (process.env.CONFORMANCE_PRODUCTS ?? productIds.join(',')).split(',').filter(isProductId);

interface Recordings {
  /** The recording of the test's product; of all products if the test belongs to the account. */
  readonly recordings: readonly Recording[];
}

// Nothing here needs a browser, and setting up its forty fixtures for each test takes longer than the tests. Only traces need them.
const base = process.env.CONFORMANCE_TRACE === '1' ? withBrowsers : _baseTest;

/** A test that waits for the recordings of its product. */
export const test = base.extend<Recordings>({
  // Asking takes as long as the hosts and the request rate require, regardless of a test's timeout.
  recordings: [
    async ({}, use, { tags }) => {
      const named = products.filter((product) => tags.includes(`@${product}`));
      await use(await Promise.all((named.length > 0 ? named : products).map(recordingOf)));
    },
    { timeout: 0 },
  ],
});

function recordingsFolder(): string {
  const folder = process.env.CONFORMANCE_RECORDINGS;
  if (folder === undefined) throw new Error('Nothing was asked: the global setup of playwright.config.ts has not run.');
  return folder;
}

const read = new Map<string, Promise<Recording>>();
/** Read once per worker. */
function recordingOf(product: (typeof products)[number]): Promise<Recording> {
  const known = read.get(product) ?? handedOver(recordingsFolder(), product).then(({ recording }) => recording);
  read.set(product, known);
  return known;
}

/** Read once per worker, after a recording: the context has been written by then. */
const contextOfRun = once(() => contextIn(recordingsFolder()));

/** The body of a requirement's test. The worst check decides. A requirement that is not run is skipped with what it needs. */
export const judged =
  (judge: Judge) =>
  async ({ recordings }: Recordings, testInfo: TestInfo): Promise<void> => {
    const { id, needs, result: resultOf } = judgeOf(judge);
    if (!testInfo.title.startsWith(id)) throw new Error(`The test "${testInfo.title}" names the judge of ${id}.`);
    refuseMissing(id, needs, recordings);
    const result = resultOf(recordings);
    const [{ reset }] = recordings as readonly [Recording, ...Recording[]];
    const description = descriptionOf(result, contextOfRun(), { timelineOf: () => reset && timelineOf(reset) });
    await show(result.judgement, description, testInfo);
  };

/** Without its history a requirement cannot be judged: that is a failure of the suite. */
function refuseMissing(id: RequirementId, needs: readonly Recording['holds'][number][], recordings: readonly Recording[]): void {
  for (const { first, holds } of recordings)
    for (const kind of needs)
      if (!holds.includes(kind)) throw new Error(`${id} needs the history "${kind}" of ${first.product}, which was not asked.`);
}
