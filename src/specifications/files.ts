/**
 * What the files of the products say before any is read as YAML, which takes 0.1 s: every process needs to know which products there are,
 * also one that judges or only prints its options. The id is the name of the file; the rest stands on lines of their own.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from '../once.ts';
import { root } from '../root.ts';

/** The folder of the specifications. */
export const specsFolder = join(root, 'specs');

/** What ends the name of a product's file. */
const ending = '.openapi.yaml';

/** The file of a product, in `specs/`. */
export const productFile = (id: string): string => `${id}${ending}`;

/** What is read from lines. `product.ts` reads the same as YAML, and rejects a file where the two differ. */
export interface ProductLines {
  /** `x-order`. Undefined if there is no such line. */
  readonly order: number | undefined;
  /** The variables that give ids of the account: `x-variable`, in the order of the file. */
  readonly variables: readonly string[];
}

/** What is needed of a product's file before it is parsed, and without YAML. */
export function linesOf(text: string): ProductLines {
  const order = /^x-order: *(\d+)[ \t\r]*(?:#.*)?$/m.exec(text)?.[1];
  const variables = [...text.matchAll(/^ +x-variable: *([A-Z][A-Z0-9_]*)[ \t\r]*(?:#.*)?$/gm)].map(([, name = '']) => name);
  return { order: order === undefined ? undefined : Number(order), variables };
}

/** The products in their order; without one, at the end. */
export const productFiles = once((): readonly ({ readonly id: string } & ProductLines)[] =>
  readdirSync(specsFolder)
    .filter((name) => name.endsWith(ending))
    .sort()
    .map((name) => ({ id: name.slice(0, -ending.length), ...linesOf(readFileSync(join(specsFolder, name), 'utf8')) }))
    .sort((one, other) => (one.order ?? Number.POSITIVE_INFINITY) - (other.order ?? Number.POSITIVE_INFINITY) || 0),
);
