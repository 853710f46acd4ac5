/** README.md, CONTRIBUTING.md and .env.example, held against the program: whatever it has is explained, and nothing that it has not. */
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse } from 'dotenv';
import { dependencies, engines, scripts } from '../package.json';
import { exitCodes } from '../src/commands/exit.ts';
import { help } from '../src/commands/options.ts';
import { readConfiguration } from '../src/configuration/configuration.ts';
import { readEnvironment, variableNames } from '../src/configuration/environment.ts';
import { verdicts } from '../src/judge/check.ts';
import { causeAnchor, causes } from '../src/recording/causes.ts';
import { loadProducts } from '../src/specifications/load.ts';

const root = join(__dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const readme = textOf('README.md');
const contributing = textOf('CONTRIBUTING.md');
const example = textOf('.env.example');

/** What a developer needs and a user does not. */
const forDevelopers = ['lint', 'format', 'types'];
/** What npm runs by itself. */
const byNpm = ['prepack'];

test.describe('README.md', () => {
  test('has a section for each cause, where the program says that it is', () => {
    const anchors = [...readme.matchAll(/<a id="(cause-[^"]*)"><\/a>`([^`]*)`/g)].map(([, id, word]) => [`README.md#${id}`, word]);
    expect(anchors).toEqual(Object.keys(causes).map((cause) => [causeAnchor(cause as keyof typeof causes), cause]));
  });

  test('has a row for each variable, and for no other', () => {
    expect(firstCells('Environment variables')).toEqual(variableNames);
  });

  test('gives defaults and documented hosts as they are', () => {
    const { reportsDir, timeoutMs } = readConfiguration({ values: {}, problems: [], warnings: [] });
    expect(rowOf('REPORTS_DIR')).toContain(`Default: \`${reportsDir}\`.`);
    expect(rowOf('REQUEST_TIMEOUT_MS')).toContain(`Default: ${timeoutMs}.`);
    for (const { id, server } of Object.values(loadProducts())) expect(rowOf(`${id.toUpperCase()}_URL`)).toContain(`\`${server}\``);
  });

  test('has a row for each command of package.json', () => {
    const users = Object.keys(scripts).filter((name) => ![...forDevelopers, ...byNpm].includes(name));
    const commands = users.map((name) => (name === 'test' ? 'npm test' : `npm run ${name}`));
    expect([...firstCells('Commands')].sort()).toEqual(commands.sort());
  });

  test('has a row for each option of conformance', () => {
    const options = [...help.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option);
    expect(firstCells('Options of `npm run conformance`').map((cell) => /^--[a-z-]+/.exec(cell)?.[0])).toEqual(options);
  });

  test('has a row for each exit code', () => {
    const rows = rowsOf('Exit codes of `npm run conformance` and `npm run verify-reset`').map(([code, name]) => [name, Number(code)]);
    expect(Object.fromEntries(rows)).toEqual(exitCodes);
    expect(rows).toHaveLength(Object.keys(exitCodes).length);
  });

  test('has a row for each verdict', () => {
    const [first] = tablesOf('How to read the result');
    expect(first?.map(([verdict]) => verdict?.replace(' ', '-'))).toEqual(verdicts);
  });

  test('explains each dependency, under its licence', () => {
    const licences = Object.keys(dependencies).map((name) => [name, licenceOf(name)]);
    const rows = rowsOf('What is built on what').map(([name, licence]) => [unquoted(name), licence]);
    expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(licences));
    expect(rows).toHaveLength(licences.length);
    for (const [name, , use] of rowsOf('What is built on what')) expect(use, name).toMatch(/\w.*\.$/);
  });

  test('asks for the version of Node.js that package.json asks for', () => {
    expect(readme).toContain(`Node.js ${engines.node.replace('>=', '')} or newer`);
  });
});

test.describe('CONTRIBUTING.md', () => {
  test('explains the commands that are for developers', () => {
    for (const name of forDevelopers) expect(contributing).toMatch(new RegExp(`^npm run ${name}\\b`, 'm'));
  });

  test('names files and folders that exist', () => {
    const paths = [...contributing.matchAll(/`((?:src|specs|tests|proof)\/[\w./-]*)`/g)].map(([, path]) => path ?? '');
    expect(paths.length).toBeGreaterThan(10);
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

for (const [file, text] of [
  ['README.md', readme],
  ['CONTRIBUTING.md', contributing],
] as const)
  test(`${file} has no command that is not there, and no link that leads nowhere`, () => {
    const commands = [...text.matchAll(/npm run (?:-s )?([\w-]+)/g)].map(([, name]) => name ?? '');
    expect(commands.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target ?? '').filter((target) => !/^https?:/.test(target));
    expect(links.filter((target) => !leadsSomewhere(target, text))).toEqual([]);
  });

test.describe('.env.example', () => {
  test('sets nothing when it is copied to .env', ({}, testInfo) => {
    mkdirSync(testInfo.outputDir, { recursive: true });
    copyFileSync(join(root, '.env.example'), join(testInfo.outputDir, '.env'));
    expect(readEnvironment({}, testInfo.outputDir)).toMatchObject({ values: {}, problems: [] });
    expect(parse(example)).toEqual({});
  });

  test('has a line for each variable, to be used by taking the # away', () => {
    const uncommented = example.replaceAll(/^#(?=[A-Z_]+=)/gm, '');
    expect(Object.keys(parse(uncommented))).toEqual(variableNames);
  });

  test('says of each what it is for', () => {
    for (const paragraph of example.trim().split('\n\n')) expect(paragraph).toMatch(/^# \w/);
  });
});

type Row = readonly string[];

/** What stands below a heading, up to the next one. */
function sectionOf(heading: string): string {
  const [, section] = readme.split(new RegExp(`^#+ ${heading.replaceAll(/[()`.]/g, '\\$&')}$`, 'm'));
  if (section === undefined) throw new Error(`README.md has no heading "${heading}"`);
  return section.split(/^#+ /m)[0] ?? '';
}

/** The tables below a heading, without their first two lines. */
const tablesOf = (heading: string): readonly (readonly Row[])[] =>
  [...sectionOf(heading).matchAll(/(?:^\|.*\|$\n?)+/gm)].map(([table]) => table.trim().split('\n').slice(2).map(cellsOf));

const rowsOf = (heading: string): readonly Row[] => tablesOf(heading)[0] ?? [];
const firstCells = (heading: string): readonly string[] => rowsOf(heading).map(([first]) => unquoted(first));
const rowOf = (variable: string): string => rowsOf('Environment variables').find(([name]) => unquoted(name) === variable)?.[1] ?? '';
const cellsOf = (line: string): Row =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
const unquoted = (cell: string | undefined): string => cell?.replaceAll('`', '') ?? '';

const licenceOf = (name: string): string =>
  (JSON.parse(textOf(`node_modules/${name}/package.json`)) as { readonly license: string }).license;

function leadsSomewhere(target: string, text: string): boolean {
  const [path = '', anchor] = target.split('#');
  const aimed = path === '' ? text : existsSync(join(root, path)) ? '' : undefined;
  if (aimed === undefined || anchor === undefined) return aimed !== undefined;
  const headings = [...aimed.matchAll(/^#+ (.*)$/gm)].map(([, title]) =>
    (title ?? '')
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
  return headings.includes(anchor) || aimed.includes(`<a id="${anchor}">`);
}
