/** Loads the specifications in `specs/`, once per process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocumentation } from './documentation.ts';
import { parseFailure } from './failure.ts';
import type { Documentation, ProductId, ProductSpec } from './model.ts';
import { once } from './once.ts';
import { parseProduct } from './product.ts';
import { specsFolder } from './schema.ts';

/** The promises of the page. */
export const loadDocumentation = once((): Documentation => parseDocumentation(...read('authentication.yaml')));

/** All products with their operations. */
export const loadProducts = once((): Readonly<Record<ProductId, ProductSpec>> => {
  const failure = parseFailure(...read('authentication-failed.yaml'));
  const product = (id: ProductId) => parseProduct(id, ...read(`${id}.openapi.yaml`), failure);
  return { leadconduit: product('leadconduit'), trustedform: product('trustedform'), suppressionlist: product('suppressionlist') };
});

/** The ids of all requirements, in the page's order. */
export const requirementIds = (): readonly string[] =>
  loadDocumentation().sections.flatMap((section) => section.requirements.map((requirement) => requirement.id));

const read = (name: string): [text: string, file: string] => [readFileSync(join(specsFolder, name), 'utf8'), `specs/${name}`];
