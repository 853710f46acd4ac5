/** Adds a run to a site and removes the oldest ones. Each run has a folder named after its start; nothing else below `runs/` is touched. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../configuration/usage.ts';
import type { Secret } from '../keys/secret.ts';
import type { Conformance } from '../report/model.ts';
import { placeForSite } from '../report/page/page.ts';
import { plantCanaries } from './canaries.ts';
import { type Search, searchFolder } from './gate.ts';
import { publishedFiles } from './publication.ts';
import { type Listed, sitePage } from './site-page.ts';

export interface SiteOptions {
  /** Where the last run was published. */
  readonly reportsDir: string;
  readonly site: string;
  /** How many runs are kept; the newest stay. */
  readonly keep: number;
  /** Path of the proof's matrix as a page, if there is one. */
  readonly matrix: string | undefined;
  /** Keys to search for once more in what is added. */
  readonly secrets: readonly Secret[];
}

/** Copied only if the run wrote them: other files in the reports folder have not been searched for keys. */
const taken = /^(allure\/index\.html|index\.html|summary\.md|conformance\.json|junit\.xml|badge\.json)$/;

/**
 * Resolves to the result of the search. If it found a key or missed a canary, nothing was added.
 * @throws UsageError where there is no run to add.
 */
export async function addRun({ reportsDir, site, keep, matrix, secrets }: SiteOptions): Promise<Search> {
  const files = publishedFiles(reportsDir).filter((file) => taken.test(file));
  if (!files.includes('conformance.json') || !existsSync(join(reportsDir, 'conformance.json')))
    throw new UsageError([`There is no run in ${reportsDir} to add: npm run conformance writes one.`]);
  mkdirSync(join(site, 'runs'), { recursive: true });
  const adding = mkdtempSync(join(site, '.adding-'));
  const [staged, pages] = [join(adding, 'run'), join(adding, 'pages')];
  try {
    for (const folder of [staged, pages]) mkdirSync(folder);
    const canaries = plantCanaries(staged);
    for (const file of files) {
      mkdirSync(dirname(join(staged, file)), { recursive: true });
      copyFileSync(join(reportsDir, file), join(staged, file));
    }
    linkToSite(join(staged, 'index.html'));
    const search = await searchFolder(staged, secrets, canaries);
    if (search.found.length + search.unsearchable.length + search.canaries.missed.length > 0) return search;
    const added = { folder: nameOf(staged), at: staged };
    const listed = newestFirst([...foldersIn(site).filter(({ folder }) => folder !== added.folder), added]);
    // Written whole on the same disk first: what can fail has failed before anything of the site is replaced.
    writePages(pages, { site, listed, keep, matrix });
    const place = join(site, 'runs', added.folder);
    rmSync(place, { recursive: true, force: true });
    renameSync(staged, place);
    for (const file of readdirSync(pages)) renameSync(join(pages, file), join(site, file));
    for (const { folder } of listed.slice(keep)) rmSync(join(site, 'runs', folder), { recursive: true, force: true });
    return search;
  } finally {
    rmSync(adding, { recursive: true, force: true });
  }
}

interface Pages extends Pick<SiteOptions, 'site' | 'keep' | 'matrix'> {
  readonly listed: readonly (Listed & Folder)[];
}

/** What stands beside the runs. */
function writePages(pages: string, { site, listed, keep, matrix }: Pages): void {
  if (matrix !== undefined)
    writeFileSync(
      join(pages, 'matrix.html'),
      readFileSync(matrix, 'utf8').replace(placeForSite, '<p><a href="index.html">All runs</a></p>'),
    );
  // The badge shows the newest run on a real host, if there is one.
  const spoken = listed.find(({ conformance }) => conformance.target.kind === 'own') ?? listed[0];
  const badge = spoken && join(spoken.at, 'badge.json');
  if (badge !== undefined && existsSync(badge)) copyFileSync(badge, join(pages, 'badge.json'));
  // Tells GitHub Pages to serve the files as they are.
  writeFileSync(join(pages, '.nojekyll'), '');
  const hasMatrix = matrix !== undefined || existsSync(join(site, 'matrix.html'));
  writeFileSync(join(pages, 'index.html'), sitePage(listed.slice(0, keep), hasMatrix));
}

/** On a site, the front page of a run links back to the list of runs, and not to recordings, which the site does not keep. */
function linkToSite(file: string): void {
  if (!existsSync(file)) return;
  const page = readFileSync(file, 'utf8')
    .replace(placeForSite, '<p><a href="../../index.html">All runs</a></p>')
    .replace(/<!--recording-->.*?<!--\/recording-->/s, '');
  writeFileSync(file, page);
}

/** The same run has the same name whenever it is added. */
function nameOf(folder: string): string {
  const text = readFileSync(join(folder, 'conformance.json'), 'utf8');
  const { startedAt } = JSON.parse(text) as Conformance;
  return `${startedAt.slice(0, 19).replaceAll(':', '')}-${createHash('sha256').update(text).digest('hex').slice(0, 6)}`;
}

/** A run of the site: the name of its folder, and where that is now. */
interface Folder {
  readonly folder: string;
  readonly at: string;
}

const foldersIn = (site: string): readonly Folder[] =>
  readdirSync(join(site, 'runs'), { withFileTypes: true })
    .filter((each) => each.isDirectory())
    .map(({ name }) => ({ folder: name, at: join(site, 'runs', name) }));

function newestFirst(folders: readonly Folder[]): readonly (Listed & Folder)[] {
  return folders
    .flatMap(({ folder, at }): (Listed & Folder)[] => {
      const file = join(at, 'conformance.json');
      if (!existsSync(file)) return [];
      return [
        {
          folder,
          at,
          conformance: JSON.parse(readFileSync(file, 'utf8')) as Conformance,
          files: ['index.html', 'allure/index.html', 'page.html', 'summary.md', 'junit.xml', 'conformance.json'].filter((name) =>
            existsSync(join(at, name)),
          ),
        },
      ];
    })
    .sort((one, other) => (one.conformance.startedAt < other.conformance.startedAt ? 1 : -1));
}
