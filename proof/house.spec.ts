/** House rules: what may import what, where a key may be revealed, how cases are named. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { badCredentials } from '../src/ask/cases/bad-credentials.ts';
import { usernames } from '../src/ask/cases/usernames.ts';
import { requirementIds as judged } from '../src/judge/judges.ts';
import { Secret } from '../src/keys/secret.ts';
import { requirementIds as promised } from '../src/specifications/load.ts';
import { root } from './command.ts';
import { expect, test } from './test.ts';

const files = ['src', 'tests'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file)),
);
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The files of this repository that a file imports, relative to the root; with `values`, without types and what it loads later. */
function importsOf(file: string, values = false): readonly string[] {
  const statement = values
    ? /^(?:import|export) (?!type )(?:[^;]*? from )?'(\.[^']+)'/gms
    : /(?:^import |^(?:import|export) [^;]*? from |\bimport\()'(\.[^']+)'/gms;
  return [...textOf(file).matchAll(statement)].map(([, path = '']) => relative(root, resolve(root, dirname(file), path)));
}

/**
 * The arrows: the only folders of this repository that each folder may import. Specifications may be imported from anywhere.
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'src/specifications': [],
  'src/keys': [],
  'src/recording': [],
  'src/http': ['src/keys', 'src/recording'],
  'src/host': [],
  'src/configuration': ['src/keys'],
  'src/ask': ['src/recording', 'src/http', 'src/keys', 'src/host', 'src/configuration'],
  'src/judge': ['src/recording'],
  'src/known': ['src/judge', 'src/configuration'],
  'src/drift': ['src/http'],
  'src/report': ['src/judge', 'src/recording', 'src/known', 'src/configuration'],
  'src/publish': ['src/report', 'src/recording', 'src/keys', 'src/configuration'],
  'src/commands': [
    'src/ask',
    'src/judge',
    'src/recording',
    'src/report',
    'src/publish',
    'src/known',
    'src/drift',
    'src/host',
    'src/http',
    'src/keys',
    'src/configuration',
  ],
  tests: ['src/judge', 'src/recording', 'src/ask', 'src/configuration', 'src/known', 'src/report'],
};
/** May be imported from anywhere. */
const shared = [
  'src/specifications',
  'src/grouped.ts',
  'src/listed.ts',
  'src/loopback.ts',
  'src/once.ts',
  'src/root.ts',
  'src/short-lived.ts',
  'src/system-error.ts',
  'src/whole-file.ts',
];
const folderOf = (path: string): string => (path.startsWith('src') ? path.split(sep).slice(0, 2).join('/') : (path.split(sep)[0] ?? ''));

test('imports follow the arrows', () => {
  expect(
    Object.keys(arrows)
      .filter((each) => each.startsWith('src'))
      .sort(),
  ).toEqual(
    readdirSync(join(root, 'src'), { withFileTypes: true })
      .filter((each) => each.isDirectory())
      .map(({ name }) => `src/${name}`)
      .sort(),
  );
  const wrong = files.flatMap((file) =>
    importsOf(file)
      .filter((path) => path !== 'package.json' && folderOf(path) !== folderOf(file))
      .filter((path) => ![...shared, ...(arrows[folderOf(file)] ?? [])].includes(folderOf(path)))
      .map((path) => `${file} imports ${path}`),
  );
  expect(wrong).toEqual([]);
});

test('judges and workers load no code that sends requests, no YAML and no Allure', () => {
  const loaded = new Set<string>();
  const load = (file: string): void => {
    if (loaded.has(file) || !file.endsWith('.ts')) return;
    loaded.add(file);
    for (const path of importsOf(file, true)) load(path);
  };
  for (const file of files.filter((each) => each.startsWith(join('src', 'judge')) || each.endsWith('.spec.ts'))) load(file);
  expect([...loaded]).toContain(join('src', 'report', 'allure', 'description.ts'));
  expect([...loaded].filter((file) => /^src\/(http|ask|specifications\/(load|schema|source))/.test(file))).toEqual([]);
  expect([...loaded].filter((file) => /^import (?!type )[^;]*? from '(allure|@allurereport)/ms.test(textOf(file)))).toEqual([]);
});

test('the host imports the specifications and no checks', () => {
  for (const file of files.filter((each) => each.startsWith(join('src', 'host'))))
    for (const path of importsOf(file)) expect(path, file).toMatch(/^src\/(host|specifications)\//);
});

test('a test imports the fixtures, the judges of its section, and nothing else', () => {
  for (const file of files.filter((each) => each.endsWith('.spec.ts')))
    expect(importsOf(file), file).toEqual([join('src/judge', basename(file).replace('.spec', '')), 'tests/fixtures.ts']);
});

test('a key is revealed only where requests are written and texts are searched', () => {
  const takers = files.filter((file) => /\.reveal\(\)/.test(textOf(file)));
  expect(takers.length).toBeGreaterThan(2);
  for (const file of takers) expect(file).toMatch(/^src\/(keys|http)\//);
});

test('cases have names that a report can show', () => {
  const names = [...badCredentials, ...usernames(new Secret('k'.repeat(40)), 1)].map(({ name }) => name);
  for (const table of [badCredentials, usernames(new Secret('k'.repeat(40)), 1)])
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
  for (const name of names) {
    expect(name.length, name).toBeLessThan(70);
    expect(name).not.toMatch(/\bshould\b/);
  }
});

test('specifications, tests, judges and departures have the same requirements', () => {
  const titles = files
    .filter((each) => each.endsWith('.spec.ts'))
    .flatMap((file) => [...textOf(file).matchAll(/^ *test\([`']([a-z0-9-]+)/gm)].map(([, id]) => id));
  const broken = readdirSync(join(root, 'src/host/departures')).map((file) => file.replace(/\.ts$/, ''));
  for (const list of [titles, judged, broken]) expect([...list].sort()).toEqual([...promised()].sort());
});
