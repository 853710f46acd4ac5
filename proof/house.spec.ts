/** The rules of the house: who may import whom, where a key may be taken out of its type, how cases are called. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from '@playwright/test';
import { badCredentials } from '../src/ask/cases/bad-credentials.ts';
import { usernames } from '../src/ask/cases/usernames.ts';
import { requirementIds as judged } from '../src/judge/judges.ts';
import { Secret } from '../src/keys/secret.ts';
import { requirementIds as promised } from '../src/specifications/load.ts';
import { root } from './command.ts';

const files = ['src', 'tests'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file)),
);
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** What a file imports of ours: relative to the root, types aside where `values` alone are meant. */
function importsOf(file: string, values = false): readonly string[] {
  const statement = values ? /^(?:import|export) (?!type )[^;]*? from '(\.[^']+)'/gms : /^(?:import|export) [^;]*? from '(\.[^']+)'/gms;
  return [...textOf(file).matchAll(statement)].map(([, path = '']) => relative(root, resolve(root, dirname(file), path)));
}

/** Folders of src, each of which may import those before it. Types may point the other way. */
const layers: readonly (readonly string[])[] = [
  ['evidence', 'verdict', 'secret', 'spec'],
  ['exchange', 'host', 'target'],
  ['history', 'known'],
  ['reset', 'drift'],
  ['report'],
  ['site'],
  ['commands'],
];
const layerOf = (file: string): number => layers.findIndex((folders) => folders.includes(file.split(sep)[1] ?? ''));

test('within src, nothing imports what stands above it', () => {
  const folders = readdirSync(join(root, 'src'));
  expect([...layers.flat()].sort(), 'every folder has its place').toEqual(folders.sort());
  const wrong = files
    .filter((file) => file.startsWith('src'))
    .flatMap((file) =>
      importsOf(file, true)
        .filter((path) => path.startsWith('src') && layerOf(path) > layerOf(file))
        .map((path) => `${file} imports ${path}`),
    );
  expect(wrong).toEqual([]);
});

/** Doors beside index.ts: what is behind the front door would be loaded in every worker, before every command, or in a circle. */
const sideDoors: Readonly<Record<string, readonly string[]>> = {
  // Node.js's http and undici, where only names and addresses are looked at.
  'src/exchange/loopback.ts': ['src/target/configuration.ts'],
  'src/exchange/proxy.ts': ['src/commands/conformance.ts'],
  // Allure, where a word or a type is wanted.
  'src/report/called.ts': ['src/commands/host.ts', 'src/commands/options.ts', 'src/commands/verify-reset/options.ts'],
  'src/report/model.ts': ['tests/judges/index.ts', 'tests/setup.ts', 'tests/telling.ts'],
  'src/report/words.ts': ['src/commands/screen.ts', 'tests/telling.ts'],
  // The search of files and archives, where a key is wrapped.
  'src/secret/secret.ts': ['src/history/credentials.ts', 'src/target/configuration.ts'],
  // Ajv and YAML, where the names of the products are wanted.
  'src/spec/model.ts': ['playwright.config.ts', 'src/target/configuration.ts'],
  // All of the above, where a name of a variable is.
  'src/target/environment.ts': ['src/commands/proof.ts', 'src/commands/test.ts'],
  // A type alone.
  'src/verdict/causes.ts': ['src/history/outcome.ts'],
};

test('a folder of src is entered through its index.ts, or by a side door that is known, and used', () => {
  const found: Record<string, string[]> = {};
  const folderOf = (path: string): string => path.split(sep).slice(0, 2).join(sep);
  for (const file of [...files, 'playwright.config.ts'])
    for (const path of importsOf(file)) {
      const enters = path.startsWith('src') && folderOf(path) !== folderOf(file);
      if (enters && path !== join(folderOf(path), 'index.ts')) found[path] = [...(found[path] ?? []), file].sort();
    }
  expect(found).toEqual(sideDoors);
});

test('the host knows the specifications and nothing of the checks', () => {
  for (const file of files.filter((each) => each.startsWith(join('src', 'host'))))
    for (const path of importsOf(file)) expect(path, file).toMatch(/^src\/(host|spec)\//);
});

test('the proof is imported by the command that serves its hosts, and by nothing else', () => {
  expect(files.filter((file) => importsOf(file).some((path) => path.startsWith('proof')))).toEqual(['src/commands/host.ts']);
});

test('a test imports the words that it is written in, and nothing else', () => {
  for (const file of files.filter((each) => each.endsWith('.spec.ts'))) expect(importsOf(file), file).toEqual(['tests/fixtures.ts']);
});

test('cases know nothing of histories, histories nothing of judges', () => {
  for (const [folder, unknown] of [
    ['tests/cases', /^tests\/(histories|judges)/],
    ['tests/histories', /^tests\/judges/],
  ] as const)
    for (const file of files.filter((each) => each.startsWith(folder)))
      for (const path of importsOf(file, true)) expect(path, file).not.toMatch(unknown);
});

test('a key is taken out of its type where requests are written and texts are searched, and nowhere else', () => {
  const takers = files.filter((file) => /\.reveal\(\)/.test(textOf(file)));
  expect(takers.length).toBeGreaterThan(2);
  for (const file of takers) expect(file).toMatch(/^src\/(secret|exchange)\//);
});

test('cases are called by names that a report can show', () => {
  const names = [...badCredentials, ...usernames(new Secret('k'.repeat(40)), 1)].map(({ name }) => name);
  for (const table of [badCredentials, usernames(new Secret('k'.repeat(40)), 1)])
    expect(new Set(table.map(({ name }) => name)).size).toBe(table.length);
  for (const name of names) {
    expect(name.length, name).toBeLessThan(70);
    expect(name).not.toMatch(/\bshould\b/);
  }
});

test('specifications, tests, judges and departures speak of the same requirements', () => {
  const titles = files
    .filter((each) => each.endsWith('.spec.ts'))
    .flatMap((file) => [...textOf(file).matchAll(/^test\('([^']+)'/gm)].map(([, id]) => id));
  const broken = readdirSync(join(root, 'proof/violates')).map((file) => file.replace(/\.ts$/, ''));
  for (const list of [titles, judged, broken]) expect([...list].sort()).toEqual([...promised()].sort());
});
