/** The Allure report as one file: made from Allure's results in this process, without a network and without Allure's command. */
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { AllureReport } from '@allurereport/core';
import type { Result } from '../../judge/check.ts';
import { once } from '../../once.ts';
import type { Documentation } from '../../specifications/model.ts';
import { notSelected } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
import type { Timeline } from '../timeline.ts';
import { type DescriptionExtras, descriptionOf, proseOf, type RunContext, uuidOf } from './description.ts';
import { filesOf, type ResultFiles, readFiles } from './files.ts';
import { forAllure, historyName, type PastRun, pastRun, runsBefore, textOf, withRun } from './history.ts';
import { categories, environment, legend } from './overview.ts';
import { repetition } from './repetition.ts';
import { sealed } from './seal.ts';
import { titleOf } from './title.ts';

type Modules = readonly [typeof import('@allurereport/core'), typeof import('@allurereport/plugin-awesome')];
type Plugin = NonNullable<ConstructorParameters<typeof AllureReport>[0]['plugins']>[number]['plugin'];
type ResultFile = Parameters<AllureReport['readResult']>[0];

/** Starts to load Allure, which takes longer than to use it: call it while there is something to wait for. */
export const preload = once((): Promise<Modules> => {
  process.env.ALLURE_NO_ANALYTICS = 'true';
  return Promise.all([import('@allurereport/core'), import('@allurereport/plugin-awesome')]);
});

export interface PageOptions {
  readonly run: Run;
  readonly conformance: Conformance;
  readonly documentation: Documentation;
  /** What tests have judged, and the folder of the results that Allure's reporter wrote of it. */
  readonly tested?: { readonly results: readonly Result[]; readonly folder: string };
  /** Other runs of the same target, and the name of this one's folder on a site. Without it the page shows this run alone. */
  readonly history?: { readonly past: readonly PastRun[]; readonly folder: string };
}

/** Writes `index.html` into `dir` and, where there is a history, `history.jsonl`; nothing else. */
export async function writeAllurePage(options: PageOptions, dir: string): Promise<void> {
  const { run, history } = options;
  const results = resultsOf(options);
  await mkdir(dir, { recursive: true });
  const own = history && pastRun({ startedAt: run.startedAt, folder: history.folder }, results);
  const before = history && own ? runsBefore(history.past, own) : [];
  const file = join(dir, historyName);
  // Allure reads it there. Without runs in it each test would be called new.
  if (before.length > 0) await writeFile(file, textOf(forAllure(before, results)));
  const page = await allurePage(options, results, { output: join(dir, '.allure'), ...(before.length > 0 ? { historyPath: file } : {}) });
  await writeFile(join(dir, 'index.html'), sealed(page, { hasHistory: before.length > 0 }));
  if (history && own) await writeFile(file, textOf(withRun(history.past, own)));
}

interface Places {
  /** A folder that does not exist: everything stays in memory. */
  readonly output: string;
  /** Where the earlier runs are, if there are any. */
  readonly historyPath?: string;
}

/** The page as Allure makes it. */
async function allurePage(
  options: PageOptions,
  results: readonly (readonly [Result, ResultFiles])[],
  { output, historyPath }: Places,
): Promise<string> {
  const [{ AllureReport }, { default: AwesomePlugin }] = await preload();
  const title = titleOf(options.run, options.conformance);
  const written = new Map<string, Buffer>();
  const awesome = new AwesomePlugin({
    singleFile: true,
    groupBy: ['feature', 'story'],
    stepTreeExpansion: 'expand_failed_only',
    // Its words for statuses are explained in English.
    reportLanguage: 'en',
    sections: [],
    charts: [],
  });
  // On a CI service Allure adds the title of the job, its branch and its address: not ours to publish.
  const plugin: Plugin = {
    start: (context) => awesome.start(context),
    done: ({ ci: _ci, ...context }, store) => awesome.done({ ...context, reportName: title, history: relative }, store),
  };
  const report = new AllureReport({
    name: title,
    output,
    open: false,
    port: undefined,
    reportFiles: {
      addFile: async (path, data) => {
        written.set(path, data);
        return path;
      },
    },
    plugins: [{ id: 'page', enabled: true, plugin, options: {} }],
    categories,
    variables: legend,
    ...(historyPath === undefined ? {} : { historyPath, appendHistory: false }),
  });
  await report.start();
  await report.store.visitMetadata({ allure_environment: environment(options) });
  for (const [, { result, attachments }] of results) {
    for (const [name, content] of attachments) await report.readResult(inMemory(name, content));
    await report.readResult(inMemory(`${result.uuid}-result.json`, Buffer.from(JSON.stringify(result))));
  }
  await withoutGuesses(report.store);
  await report.done();
  const page = [...written].find(([path]) => basename(path) === 'index.html')?.[1];
  if (page === undefined) throw new Error('Allure wrote no page.');
  return page.toString('utf8');
}

/** Allure's own history takes each address for an absolute URL, and throws. */
const relative = {
  readHistory: async () => [],
  appendHistory: async () => {},
  resolveTestResultUrl: (url: string) => url,
};

/**
 * Removes what Allure infers from the history and the page must not show: a violation marked as flaky, a skipped test marked as new, and
 * whole earlier runs.
 */
async function withoutGuesses(store: AllureReport['store']): Promise<void> {
  for (const result of await store.allTestResults()) {
    result.flaky = false;
    if (result.status === 'skipped') delete result.transition;
  }
  store.allHistoryDataPoints = async () => [];
}

/** In the page's order. A requirement that no result mentions was left out of the run, and is skipped here. */
function resultsOf({ run, conformance, documentation, tested }: PageOptions): readonly (readonly [Result, ResultFiles])[] {
  const { startedAt, known, timelines } = run;
  const timelineOf = (product: Result['product']): Timeline | undefined => timelines.find((each) => each.product === product);
  return documentation.sections
    .flatMap(({ requirements }) => requirements)
    .flatMap(({ id }) => {
      const mentioned = run.results.filter(({ requirement }) => requirement === id);
      return mentioned.length > 0 ? mentioned : [leftOut(id)];
    })
    .filter(({ judgement }) => judgement.kind !== 'not-applicable')
    .map((result): [Result, ResultFiles] => {
      const context: RunContext = { startedAt, documentation, known };
      const extras: DescriptionExtras = { timelineOf, repeated: repetition(result, run, conformance) };
      if (!tested?.results.includes(result)) return [result, filesOf(descriptionOf(result, context, extras))];
      const { result: written, attachments } = readFiles(tested.folder, uuidOf(result.requirement, result.product));
      // The run was not over when its test described it.
      return [result, { result: { ...written, description: proseOf(result, context, extras) }, attachments }];
    });
}

const leftOut = (requirement: string): Run['results'][number] => ({
  requirement,
  product: 'account',
  judgement: { kind: 'not-run', needs: notSelected },
});

function inMemory(name: string, content: Buffer): ResultFile {
  const text = (): string => content.toString('utf8');
  return {
    readContent: async (transform) => transform(Readable.from(content)),
    getOriginalFileName: () => name,
    getExtension: () => extname(name),
    getContentType: () => undefined,
    getContentLength: () => content.length,
    asJson: async () => JSON.parse(text()),
    asUtf8String: async () => text(),
    asBuffer: async () => content,
    writeTo: (path) => writeFile(path, content),
  };
}
