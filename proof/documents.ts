/** The documentation as text: sections, tables, links and anchors. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './command.ts';

export const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');

/** For users of the suite. */
export const forUsers = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
/** For users and contributors. */
export const documents = [...forUsers, 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', 'reports/README.md', 'bench/README.md'];

/** The cells of a table row. */
export type Row = readonly string[];

/** The text under a heading, up to the next one. */
export function sectionOf(file: string, heading: string): string {
  const [, section] = textOf(file).split(new RegExp(`^#+ ${heading.replaceAll(/[()`.?*+]/g, '\\$&')}$`, 'm'));
  if (section === undefined) throw new Error(`${file} has no heading "${heading}"`);
  return section.split(/^#+ /m)[0] ?? '';
}

/** The tables under a heading, without their two header lines. */
export const tablesOf = (file: string, heading: string): readonly (readonly Row[])[] =>
  [...sectionOf(file, heading).matchAll(/(?:^\|.*\|$\n?)+/gm)].map(([table]) => table.trim().split('\n').slice(2).map(cellsOf));

/** The rows of the first table under a heading. */
export const rowsOf = (file: string, heading: string): readonly Row[] => tablesOf(file, heading)[0] ?? [];
export const firstCells = (file: string, heading: string): readonly string[] => rowsOf(file, heading).map(([first]) => unquoted(first));

const cellsOf = (line: string): Row =>
  line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());
export const unquoted = (cell: string | undefined): string => cell?.replaceAll('`', '') ?? '';

/** The contents of all code blocks in a language. */
export const blocksIn = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, block]) => block ?? '');

const withoutBlocks = (text: string): string => text.replaceAll(/^```.*?^```$/gms, '');

/** The targets of links and pictures, as written. */
export const linksIn = (text: string): readonly string[] =>
  [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)|<img src="([^"]+)"/g)].map(([, link, picture]) => link ?? picture ?? '');

/** The anchors of a document, named as GitHub names them. */
export const anchorsIn = (text: string): readonly string[] => {
  const prose = withoutBlocks(text);
  const headings = [...prose.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
  return [...headings, ...[...prose.matchAll(/<a id="([^"]*)">/g)].map(([, id = '']) => id)];
};
