// The Allure report as one file: made from Allure's results in this process, without a network and without Allure's command.
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { Readable } from 'node:stream';
import type { AllureReport } from '@allurereport/core';
import type { Result } from '../../judge/check.ts';
import type { Documentation } from '../../specifications/model.ts';
import { once } from '../../specifications/once.ts';
import { notSelected } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
import type { Timeline } from '../timeline.ts';
import { type DescriptionExtras, descriptionOf, proseOf, type RunContext, uuidOf } from './description.ts';
import { filesOf, type ResultFiles, readFiles } from './files.ts';
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
}

/** Writes `index.html` into `dir`, and nothing else. */
export async function writeAllurePage(options: PageOptions, dir: string): Promise<void> {
  const page = sealed(await allurePage(options, join(dir, '.allure')));
  await mkdir(dir, { recursive: true });
  await writeFile(join(dir, 'index.html'), page);
}

/** The page as Allure makes it. `output` is a folder that does not exist: everything stays in memory. */
async function allurePage(options: PageOptions, output: string): Promise<string> {
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
    done: ({ ci: _ci, ...context }, store) => awesome.done({ ...context, reportName: title }, store),
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
  });
  await report.start();
  await report.store.visitMetadata({ allure_environment: environment(options) });
  for (const { result, attachments } of results(options)) {
    for (const [name, content] of attachments) await report.readResult(inMemory(name, content));
    await report.readResult(inMemory(`${result.uuid}-result.json`, Buffer.from(JSON.stringify(result))));
  }
  await report.done();
  const page = [...written].find(([path]) => basename(path) === 'index.html')?.[1];
  if (page === undefined) throw new Error('Allure wrote no page.');
  return page.toString('utf8');
}

/** In the page's order. A requirement that no result mentions was left out of the run, and is skipped here. */
function results({ run, conformance, documentation, tested }: PageOptions): readonly ResultFiles[] {
  const { startedAt, known, timelines } = run;
  const timelineOf = (product: Result['product']): Timeline | undefined => timelines.find((each) => each.product === product);
  return documentation.sections
    .flatMap(({ requirements }) => requirements)
    .flatMap(({ id }) => {
      const mentioned = run.results.filter(({ requirement }) => requirement === id);
      return mentioned.length > 0 ? mentioned : [leftOut(id)];
    })
    .filter(({ judgement }) => judgement.kind !== 'not-applicable')
    .map((result) => {
      const context: RunContext = { startedAt, documentation, known };
      const extras: DescriptionExtras = { timelineOf, repeated: repetition(result, run, conformance) };
      if (!tested?.results.includes(result)) return filesOf(descriptionOf(result, context, extras));
      const { result: written, attachments } = readFiles(tested.folder, uuidOf(result.requirement, result.product));
      // The run was not over when its test described it.
      return { result: { ...written, description: proseOf(result, context, extras) }, attachments };
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
