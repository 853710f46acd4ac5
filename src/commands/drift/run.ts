/** The work of `npm run drift`, from its options to its exit code. The documentation is passed in: the proof has one of its own. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { keysIn } from '../../configuration/configuration.ts';
import { readEnvironment } from '../../configuration/environment.ts';
import { UsageError } from '../../configuration/usage.ts';
import { compare, hasDrifted } from '../../drift/compare.ts';
import { type PageSection, readPage } from '../../drift/page.ts';
import { rewordings } from '../../drift/rewordings.ts';
import { getSource, PageError } from '../../drift/source.ts';
import { occursIn } from '../../keys/masker.ts';
import { createVault } from '../../keys/vault.ts';
import { StagingError } from '../../publish/staging-error.ts';
import { storageProblem } from '../../publish/storage-problem.ts';
import { called } from '../../report/called.ts';
import { withText } from '../../report/page/text.ts';
import { visible } from '../../report/visible.ts';
import { loadDocumentation, loadProducts, productOfTheExample } from '../../specifications/load.ts';
import type { Documentation } from '../../specifications/model.ts';
import { SpecError } from '../../specifications/source.ts';
import { isSystemError } from '../../system-error.ts';
import { writeWhole } from '../../whole-file.ts';
import { asksForHelp, helpText, notAnOption, repeatedIn } from '../help.ts';
import { maskOutput, taken } from '../output.ts';
import { report } from './report.ts';

/** Exit codes. */
const codes = { unchanged: 0, changed: 1, usage: 2, unavailable: 3, failed: 4 } as const;

const help = helpText({
  usage: called('drift', ['[options]']),
  purpose:
    'Says whether the published page has changed since the requirements were written: which sentences are gone, with the requirements that were based on them, which are new, and which samples say something else.',
  options: [
    [
      '--page FILE_OR_URL',
      'The page to compare, Markdown or HTML. Default: the published one. Also puts its text into the front page of the last run in REPORTS_DIR, if there is one.',
    ],
    ['--was FILE_OR_URL', 'The page as it was: adds what changed, word by word.'],
  ],
  exitCodes: [
    [0, 'Unchanged.'],
    [1, 'Changed.'],
    [2, 'The options are wrong.'],
    [3, 'The page could not be fetched, or it is another page.'],
    [4, 'The command itself failed, or the front page could not be written.'],
  ],
  examples: [called('drift'), called('drift', ['--page', 'page.md', '--was', 'old.md'])],
});

interface Options {
  readonly page: string | undefined;
  readonly was: string | undefined;
}

interface World {
  readonly documentation: Documentation;
  readonly products: ReturnType<typeof loadProducts>;
  readonly env: NodeJS.ProcessEnv;
}

/** Resolves to the exit code and prints what is wrong. `world`: replaces the specifications and the environment in the proof. */
export async function drift(args: readonly string[], world: Partial<World> = {}): Promise<number> {
  try {
    return await main(args, {
      documentation: world.documentation ?? loadDocumentation(),
      products: world.products ?? loadProducts(),
      env: world.env ?? { ...process.env, ...taken },
    });
  } catch (error) {
    if (error instanceof UsageError || error instanceof StagingError || error instanceof SpecError) console.error(error.message);
    // A server's own words may be in it.
    else if (error instanceof PageError) console.error(visible(error.message));
    else if (error instanceof RangeError) console.error('The page is nested too deeply to be read.');
    else console.error(error);
    if (error instanceof UsageError) return codes.usage;
    return error instanceof PageError || error instanceof RangeError ? codes.unavailable : codes.failed;
  }
}

async function main(args: readonly string[], { documentation, products, env }: World): Promise<number> {
  if (asksForHelp(args)) {
    console.log(help);
    return codes.unchanged;
  }
  const options = readOptions(args);
  const environment = readEnvironment(env, process.cwd());
  const vault = createVault();
  for (const key of keysIn(environment)) vault.add(key);
  if (vault.secrets.length > 0) maskOutput(vault);

  const place = options.page ?? documentation.page;
  const sections = await pageAt(place, documentation);
  const before = options.was === undefined ? undefined : await pageAt(options.was, documentation);
  const { server, failure } = productOfTheExample(products);
  const found = compare(sections, documentation, { call: documentation.call, server, failure });
  console.log(report({ drift: found, documentation, place, rewordings: before === undefined ? undefined : rewordings(before, sections) }));
  if (options.page !== undefined) {
    const reportsDir = environment.values.REPORTS_DIR ?? 'reports';
    const annotated = annotate(join(resolve(reportsDir), 'index.html'), place, sections, (text) =>
      vault.secrets.some((key) => occursIn(key, text)),
    );
    if (annotated !== undefined) console.log(annotated);
  }
  return hasDrifted(found) ? codes.changed : codes.unchanged;
}

/** @throws UsageError */
function readOptions(args: readonly string[]): Options {
  const options = { page: { type: 'string' }, was: { type: 'string' } } as const;
  const { values, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  const mistakes = tokens.flatMap((token): string[] => {
    if (token.kind === 'positional') return [notAnOption(`"${token.value}"`)];
    if (token.kind !== 'option') return [];
    if (!Object.hasOwn(options, token.name)) return [notAnOption(token.rawName)];
    if (token.value === undefined || token.value === '') return [`${token.rawName} needs a file or a URL.`];
    if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(token.value)) return [];
    const url = URL.canParse(token.value) ? new URL(token.value) : undefined;
    if (url === undefined || !['http:', 'https:'].includes(url.protocol)) return [`${token.rawName}: not a URL of http or https.`];
    return url.username + url.password === '' ? [] : [`${token.rawName}: a URL with a user or a password in it is not fetched.`];
  });
  const problems = [...mistakes, ...repeatedIn(tokens, options)];
  if (problems.length > 0) throw new UsageError(problems);
  const one = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  return { page: one(values.page), was: one(values.was) };
}

/** @throws PageError also for a page that has nothing in common with the one that is meant. */
async function pageAt(place: string, { sections }: Documentation): Promise<readonly PageSection[]> {
  const { text, format } = await getSource(place);
  const known = new Set(sections.flatMap(({ sentences }) => sentences.map(({ fingerprint }) => fingerprint)));
  const page = readPage(
    text,
    format,
    sections.filter(({ sentences }) => sentences.length > 0).map(({ title }) => title),
  );
  if (page.some(({ passages }) => passages.some(({ fingerprint }) => known.has(fingerprint)))) return page;
  const login = format === 'html' && /<input[^>]+type\s*=\s*["']?password/i.test(text);
  throw new PageError(
    login
      ? `${place} is a page to log in at, not the authentication page.`
      : `${place} has none of the ${known.size} known sentences: it is a different page, or its text is loaded by a script.`,
  );
}

/** Puts the page's text into what the last run wrote; returns what was done. The new file replaces the old one whole. @throws StagingError */
function annotate(file: string, source: string, sections: readonly PageSection[], hasKey: (text: string) => boolean): string | undefined {
  let old: string;
  try {
    old = readFileSync(file, 'utf8');
  } catch (error) {
    if (isSystemError(error) && ['ENOENT', 'ENOTDIR'].includes(error.code)) return undefined;
    throw error;
  }
  const annotated = withText(old, { source: /^https?:/i.test(source) ? source : basename(source), sections });
  const shown = relative(process.cwd(), file);
  if (annotated === undefined) return `${shown} was not written by this suite: it is left as it is.`;
  if (hasKey(annotated)) return `The page holds a key: ${shown} is left as it is.`;
  try {
    writeWhole(file, annotated);
  } catch (error) {
    const problem = storageProblem(error, [{ folder: dirname(file), variable: 'REPORTS_DIR' }]);
    if (problem === undefined) throw error;
    throw new StagingError('not-writable', `${problem} ${shown} is unchanged.`);
  }
  return `${shown} now shows the text of the page next to the promises.`;
}
