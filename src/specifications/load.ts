/** Loads the specifications in `specs/`, once per process. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from '../once.ts';
import { compiledFrom, compiledSpecifications } from './compiled.ts';
import { parseDocumentation } from './documentation.ts';
import { parseFailure } from './failure.ts';
import { productFile, specsFolder } from './files.ts';
import { type Documentation, ofProduct, type ProductId, type ProductSpec, productIds } from './model.ts';
import { parseProducts } from './products.ts';

/** The promises of the page. */
export const loadDocumentation = once(
  (): Documentation => compiledSpecifications()?.documentation ?? parseDocumentation(...read('authentication.yaml')),
);

/** All products with their operations, in their order. */
export const loadProducts = once((): Readonly<Record<ProductId, ProductSpec>> => {
  const compiled = compiledSpecifications();
  if (compiled !== undefined) return compiled.products;
  const texts = productIds.map((id) => {
    const [text, file] = read(productFile(id));
    return { id, text, file };
  });
  return parseProducts(texts, { failure: parseFailure(...read('authentication-failed.yaml')), call: loadDocumentation().call });
});

/** @throws SpecError for a mistake in `specs/`. */
export const loadProduct = (id: ProductId): ProductSpec => ofProduct(loadProducts(), id);

/** The product of the page's sample call. */
export const productOfTheExample = (products: Readonly<Record<ProductId, ProductSpec>> = loadProducts()): ProductSpec =>
  // There is exactly one: this has been validated.
  Object.values(products).find(({ operations }) => operations.some(({ isPageExample }) => isPageExample)) as ProductSpec;

/** The ids of all requirements, in the page's order. */
export const requirementIds = (): readonly string[] =>
  loadDocumentation().sections.flatMap((section) => section.requirements.map((requirement) => requirement.id));

/** The text of the compiled specifications, for `scripts/compile.cjs`. @throws SpecError with every mistake in `specs/` */
export const compileSpecifications = (): string => compiledFrom(() => ({ documentation: loadDocumentation(), products: loadProducts() }));

const read = (name: string): [text: string, file: string] => [readFileSync(join(specsFolder, name), 'utf8'), `specs/${name}`];
