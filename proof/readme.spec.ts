/** README.md, docs/, CONTRIBUTING.md and .env.example compared with the program: they explain everything that it has, and nothing that it does not have. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { dependencies, devDependencies, engines, scripts } from '../package.json';
import { exitCodes } from '../src/commands/exit.ts';
import { help } from '../src/commands/options.ts';
import { help as helpOfVerifyReset } from '../src/commands/verify-reset/options.ts';
import { readConfiguration } from '../src/configuration/configuration.ts';
import { readEnvironment, variableNames } from '../src/configuration/environment.ts';
import { verdicts } from '../src/judge/check.ts';
import { causeAnchor, causes } from '../src/recording/causes.ts';
import { levelWords, verdictWords } from '../src/report/headline.ts';
import { loadDocumentation } from '../src/specifications/load.ts';
import { root } from './command.ts';
import { blocksIn, firstCells, forUsers, linksIn, rowsOf, tablesOf, textOf, unquoted } from './documents.ts';
import { expect, test } from './test.ts';

const readme = textOf('README.md');
const contributing = textOf('CONTRIBUTING.md');
const example = textOf('.env.example');

/** For developers only. */
const forDevelopers = ['lint', 'format', 'types'];
/** Run by npm itself. */
const byNpm = ['prepare'];

test.describe('README.md', () => {
  test('can be read in a few minutes', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(160);
  });

  test('begins with the only two commands that are needed', () => {
    const [first] = blocksIn(readme, 'sh');
    expect(first?.split('\n').map((line) => line.split(' #')[0]?.trim())).toEqual([
      'npm ci && npm run conformance',
      'npm ci && npm test',
      '',
    ]);
  });

  test('requires the same version of Node.js as package.json', () => {
    expect(readme).toContain(`Node.js ${engines.node.replace('>=', '')} or newer`);
  });

  test('sets only existing variables', () => {
    const names = blocksIn(readme, 'ini').flatMap((block) => Object.keys(parse(block)));
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !variableNames.some((each) => each === name))).toEqual([]);
  });

  test('has a link to each page of docs/', () => {
    const pages = firstCells('README.md', 'Documentation').flatMap(linksIn);
    expect([...pages].sort()).toEqual(forUsers.filter((each) => each !== 'README.md').sort());
  });
});

for (const [file, heading] of [
  ['README.md', 'Read the result'],
  ['docs/verdicts.md', 'Verdicts and levels'],
] as const)
  test(`${file} has a row for each verdict, with its symbol`, () => {
    const [first] = tablesOf(file, heading);
    expect(first?.map(([verdict, symbol]) => [verdict?.replace(' ', '-'), symbol])).toEqual(
      verdicts.map((verdict) => [verdict, verdictWords[verdict].symbol]),
    );
  });

for (const [file, heading, place] of [
  ['README.md', 'Read the result', 1],
  ['docs/running.md', 'Exit codes', 0],
] as const)
  test(`${file} has a row for each exit code`, () => {
    const rows = (tablesOf(file, heading)[place] ?? []).map(([code, name]) => [name, Number(code)]);
    expect(Object.fromEntries(rows)).toEqual(exitCodes);
    expect(rows).toHaveLength(Object.keys(exitCodes).length);
  });

test.describe('docs/running.md', () => {
  const file = 'docs/running.md';
  const rowOf = (variable: string): string => rowsOf(file, 'Variables').find(([name]) => unquoted(name) === variable)?.[1] ?? '';

  test('has a row for each variable, and no others', () => {
    expect(firstCells(file, 'Variables')).toEqual(variableNames);
  });

  test('gives the correct defaults', () => {
    const { reportsDir, timeoutMs } = readConfiguration({ values: {}, problems: [], warnings: [] });
    expect(rowOf('REPORTS_DIR')).toContain(`Default: \`${reportsDir}\`.`);
    expect(rowOf('REQUEST_TIMEOUT_MS')).toContain(`Default: ${timeoutMs}.`);
  });

  test('has a row for each command of package.json', () => {
    const users = Object.keys(scripts).filter((name) => ![...forDevelopers, ...byNpm].includes(name));
    const commands = users.map((name) => (name === 'test' ? 'npm test' : `npm run ${name}`));
    expect([...firstCells(file, 'Commands')].sort()).toEqual(commands.sort());
  });

  test('has a row for each option of conformance', () => {
    expect(optionsIn(file, 'Options of `npm run conformance`')).toEqual(optionsOf(help));
  });
});

test('docs/reset.md has a row for each option of verify-reset', () => {
  expect(optionsIn('docs/reset.md', 'A person resets the key')).toEqual(optionsOf(helpOfVerifyReset));
});

test.describe('docs/verdicts.md', () => {
  const file = 'docs/verdicts.md';

  test('has a section for each cause, at the anchor that the program links to', () => {
    const anchors = [...textOf(file).matchAll(/<a id="(cause-[^"]*)"><\/a>`([^`]*)`/g)].map(([, id, word]) => [`${file}#${id}`, word]);
    expect(anchors).toEqual(Object.keys(causes).map((cause) => [causeAnchor(cause as keyof typeof causes), cause]));
  });

  test('has a row for each level', () => {
    const [, levels] = tablesOf(file, 'Verdicts and levels');
    expect(levels?.map(([level]) => level)).toEqual(Object.keys(levelWords));
  });

  test('has a row for each requirement, in its section of the page', () => {
    const rows = rowsOf(file, 'Requirements').map(([section, id, level]) => [section, unquoted(id), level]);
    expect(rows).toEqual(
      loadDocumentation().sections.flatMap(({ title, requirements }) =>
        requirements.map(({ id, level }, index) => [index === 0 ? title : '', id, level]),
      ),
    );
  });
});

test.describe('docs/packages.md', () => {
  const file = 'docs/packages.md';

  test('explains each dependency and its license', () => {
    const [rows = []] = tablesOf(file, 'Dependencies');
    const licenses = Object.keys(dependencies).map((name) => [name, licenseOf(name)]);
    expect(Object.fromEntries(rows.map(([name, license]) => [unquoted(name), license]))).toEqual(Object.fromEntries(licenses));
    expect(rows).toHaveLength(licenses.length);
    for (const [name, , use] of rows) expect(use, name).toMatch(/\w.*\.$/);
  });

  test('explains each package for development', () => {
    const [, rows = []] = tablesOf(file, 'Dependencies');
    expect(rows.flatMap(([names]) => unquoted(names).split(', ')).sort()).toEqual(Object.keys(devDependencies).sort());
  });
});

test.describe('CONTRIBUTING.md', () => {
  test('explains the commands for developers', () => {
    for (const name of forDevelopers) expect(contributing).toMatch(new RegExp(`^npm run ${name}\\b`, 'm'));
  });

  test('names files and folders that exist', () => {
    const paths = [...contributing.matchAll(/`((?:src|specs|tests|proof|docs)\/[\w./-]*)`/g)].map(([, path]) => path ?? '');
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

test.describe('.env.example', () => {
  test('sets nothing when it is copied to .env', ({}, testInfo) => {
    mkdirSync(testInfo.outputDir, { recursive: true });
    copyFileSync(join(root, '.env.example'), join(testInfo.outputDir, '.env'));
    expect(readEnvironment({}, testInfo.outputDir)).toMatchObject({ values: {}, problems: [] });
    expect(parse(example)).toEqual({});
  });

  test('has a line for each variable, to be used by removing the #', () => {
    const uncommented = example.replaceAll(/^#(?=[A-Z_]+=)/gm, '');
    expect(Object.keys(parse(uncommented))).toEqual(variableNames);
  });

  test('says what each is for', () => {
    for (const paragraph of example.trim().split('\n\n')) expect(paragraph).toMatch(/^# \w/);
  });
});

/** The options in a help text, and those in a table. */
const optionsOf = (text: string): readonly string[] => [...text.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option ?? '');
const optionsIn = (file: string, heading: string): readonly (string | undefined)[] =>
  firstCells(file, heading).map((cell) => /^--[a-z-]+/.exec(cell)?.[0]);

const licenseOf = (name: string): string =>
  (JSON.parse(textOf(`node_modules/${name}/package.json`)) as { readonly license: string }).license;
