/** All links, anchors and commands in the documentation and in messages that name a document exist. */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { files, scripts } from '../package.json';
import { help } from '../src/commands/options.ts';
import { help as helpOfVerifyReset } from '../src/commands/verify-reset/options.ts';
import { root } from './command.ts';
import { anchorsIn, documents, linksIn, textOf } from './documents.ts';
import { expect, test } from './test.ts';

for (const file of documents) {
  test(`${file} has no broken link`, () => {
    const links = linksIn(textOf(file)).filter((target) => !/^(https?|mailto):/.test(target));
    expect(links.filter((target) => !leadsSomewhere(target, file))).toEqual([]);
  });

  test(`${file} has no duplicate anchor`, () => {
    const anchors = anchorsIn(textOf(file));
    // All versions in a changelog have the same headings.
    if (file !== 'CHANGELOG.md') expect(anchors.filter((each, index) => anchors.indexOf(each) !== index)).toEqual([]);
  });
}

// The benchmark has its own package.json.
for (const file of documents.filter((each) => !each.startsWith('bench/')))
  test(`${file} has no unknown command or option`, () => {
    const commands = [...textOf(file).matchAll(/npm run (?:-s )?([\w-]+)/g)].map(([, name]) => name ?? '');
    expect(commands.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
    for (const [command, known] of [
      ['conformance', help],
      ['verify-reset', helpOfVerifyReset],
    ] as const)
      expect(optionsOf(command, textOf(file)).filter((option) => !new RegExp(`^ {2}${option}\\b`, 'm').test(known))).toEqual([]);
  });

test('each document and anchor that a message or a comment names exists', () => {
  const named = sources().flatMap((file) =>
    [...textOf(file).matchAll(/\b(?:README|CONTRIBUTING|SECURITY|CHANGELOG|docs\/[\w-]+)\.md(?:#[\w-]+)?/g)].map(([target]) => ({
      file,
      target,
    })),
  );
  expect(named.length).toBeGreaterThan(3);
  expect(named.filter(({ target }) => !leadsSomewhere(target, ''))).toEqual([]);
});

test('the package contains the documents that messages name', () => {
  expect(files).toContain('docs/*.md');
});

/** Relative to the folder of `file`. An anchor that ends in a dash is the start of several, which a program completes. */
function leadsSomewhere(target: string, file: string): boolean {
  const [path = '', anchor] = target.split('#');
  const aimed = path === '' ? file : normalize(join(dirname(file), path));
  if (!existsSync(join(root, aimed))) return false;
  if (anchor === undefined) return true;
  return anchorsIn(textOf(aimed)).some((each) => each === anchor || (anchor.endsWith('-') && each.startsWith(anchor)));
}

/** The options with which a text calls a command. */
const optionsOf = (command: string, text: string): readonly string[] =>
  [...text.matchAll(new RegExp(`npm run ${command} -- ([^\`\\n#|]*)`, 'g'))].flatMap(([, rest = '']) => rest.match(/--[a-z-]+/g) ?? []);

/** All other files that a user may read. */
function sources(): readonly string[] {
  const below = ['src', 'tests', 'scripts', 'specs', '.github'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  );
  return [...below.filter((file) => /\.(c?ts|cjs|json|ya?ml)$/.test(file)), '.env.example', 'action.yml', 'package.json'];
}
