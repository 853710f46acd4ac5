/** Texts that list the products, compared with the files in `specs/`: a product that is missing is named, and so is one that no longer exists. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { parse as parseYaml } from 'yaml';
import { listed } from '../src/listed.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { productIds } from '../src/specifications/model.ts';
import { urlVariable } from '../src/specifications/variables.ts';
import { root } from './command.ts';
import { blocksIn, rowsOf, textOf, unquoted } from './documents.ts';
import { expect, test } from './test.ts';

const products = Object.values(loadProducts());
const titles = products.map(({ title }) => title);
/** Of URLs and of ids. */
const variables = [...productIds.map(urlVariable), ...products.flatMap(({ idVariables }) => idVariables.map(({ variable }) => variable))];

/** A file, and a sentence or a line in it that lists all products. */
const lists: readonly (readonly [file: string, line: string])[] = [
  ['README.md', `(${listed(titles)})`],
  ['docs/reset.md', `# ${listed(productIds, 'or')}\n`],
  [
    'docs/running.md',
    `Runs only this product: ${listed(
      productIds.map((id) => `\`${id}\``),
      'or',
    )}; or \`account\``,
  ],
  [
    'docs/running.md',
    `logs in to the product in \`$PRODUCT\` (${listed(
      productIds.map((id) => `\`${id}\``),
      'or',
    )})`,
  ],
  ['docs/running.md', `ports 4801 to ${4801 + productIds.length}`],
  ['.env.example', `$PRODUCT (${listed(productIds, 'or')})`],
];
for (const [file, line] of lists)
  test(`${file} says: ${line.trim()}`, () => expect(textOf(file).replaceAll('\n# ', ' ')).toContain(line.replaceAll('\n# ', ' ')));

test('README.md sets the variables of each product', () => {
  const names = blocksIn(textOf('README.md'), 'ini').flatMap((block) => Object.keys(parse(block)));
  expect(names.filter((name) => !name.startsWith('ACTIVEPROSPECT_'))).toEqual(variables);
});

test('docs/running.md says which host each product has, and what each id is', () => {
  const rows = new Map(rowsOf('docs/running.md', 'Variables').map(([name, text = '']) => [unquoted(name), text]));
  for (const { id, title, server } of products) {
    expect(rows.get(urlVariable(id)), urlVariable(id)).toContain(title);
    expect(rows.get(urlVariable(id)), urlVariable(id)).toContain(`\`${server}\``);
  }
  for (const { variable, is } of products.flatMap(({ idVariables }) => idVariables))
    expect(rows.get(variable)?.toLowerCase(), variable).toContain(is);
});

test('the action has an input for each variable of a product, and the nightly run sets it', () => {
  const { inputs } = read('action.yml') as { inputs: Readonly<Record<string, { description: string }>> };
  const inputOf = (variable: string): string | undefined =>
    Object.keys(inputs).find((name) => inputs[name]?.description.startsWith(`${variable}.`));
  expect(
    variables.filter((variable) => inputOf(variable) === undefined),
    'without an input',
  ).toEqual([]);
  expect(productIds.map((id) => inputOf(urlVariable(id)))).toEqual(productIds.map((id) => `${id}-url`));
  const { jobs } = read('.github/workflows/conformance.yml') as {
    jobs: Readonly<Record<string, { steps: readonly { uses?: string; with?: Readonly<Record<string, string>> }[] }>>;
  };
  const set: Readonly<Record<string, string>> = Object.assign(
    {},
    ...Object.values(jobs).map(({ steps }) => steps.find(({ uses }) => uses === './')?.with),
  );
  for (const variable of variables) expect(set[inputOf(variable) ?? ''], variable).toBe(`\${{ vars.${variable} }}`);
});

function read(file: string): unknown {
  return parseYaml(readFileSync(join(root, file), 'utf8'));
}
