/** All products together: their order, and what only one of them may have. */
import type { DocumentedCall, DocumentedFailure, ProductId, ProductSpec } from './model.ts';
import type { Path, Problem } from './problem.ts';
import { type ParsedProduct, parseProduct } from './product.ts';
import { SpecError } from './source.ts';

export interface ProductText {
  readonly id: string;
  readonly text: string;
  /** Named in error messages. */
  readonly file: string;
}

/** What the products share with the page. */
export interface Shared {
  readonly failure: DocumentedFailure;
  readonly call: DocumentedCall;
}

/** The products in their order. @throws SpecError with the mistakes of every file. */
export function parseProducts(texts: readonly ProductText[], { failure, call }: Shared): Readonly<Record<ProductId, ProductSpec>> {
  const parsed = allOf(
    texts.map(({ id, text, file }) => () => ({ file, ...parseProduct(id, text, file, failure) })),
  );
  const problems = new Map<Named, Problem[]>(parsed.map((each) => [each, []]));
  const report = (each: Named, path: Path, text: string): void => void problems.get(each)?.push({ path, text });

  const free = Math.max(...parsed.map(({ order }) => order)) + 1;
  for (const [each, first] of repeated(parsed, ({ order }) => order))
    report(each, ['x-order'], `${first.file} has the number ${each.order}, too. Give the new product the next free one, ${free}.`);
  for (const [each, first] of repeated(parsed, ({ spec }) => spec.title))
    report(each, ['info', 'title'], `${first.file} has the same title. Write the name of this product.`);

  const page = `${call.method} ${call.path}`;
  const examples = parsed.flatMap((each) =>
    each.spec.operations.filter(({ isPageExample }) => isPageExample).map(({ id }) => ({ each, id })),
  );
  for (const [index, { each, id }] of examples.entries()) {
    const [method = '', path = ''] = id.split(' ');
    const place = ['paths', path, method.toLowerCase(), 'x-page-example'];
    const [first] = examples;
    if (id !== page) report(each, place, `the page's example is ${page} (specs/authentication.yaml), not ${id}. Remove this.`);
    else if (index > 0 && first !== undefined)
      report(each, place, `the page has one example, which is a call to ${first.each.spec.title} (${first.each.file}). Remove this.`);
  }
  if (examples.length === 0) throw new SpecError(`No file of a product says x-page-example: true at ${page}, the page's sample call.`);

  allOf(parsed.map((each) => () => refuse(each, problems.get(each) ?? [])));
  return Object.fromEntries([...parsed].sort((one, other) => one.order - other.order).map(({ spec }) => [spec.id, spec]));
}

interface Named extends ParsedProduct {
  readonly file: string;
}

function refuse({ source }: ParsedProduct, problems: readonly Problem[]): void {
  if (problems.length > 0) throw source.error(problems);
}

/** Each that has the same value as an earlier one, with that one. */
function repeated(list: readonly Named[], value: (each: Named) => unknown): [Named, Named][] {
  return list.flatMap((each, index): [Named, Named][] => {
    const first = list.slice(0, index).find((other) => value(other) === value(each));
    return first === undefined ? [] : [[each, first]];
  });
}

/** The results of all. @throws SpecError with the mistakes of all. */
function allOf<T>(tasks: readonly (() => T)[]): T[] {
  const messages: string[] = [];
  const results = tasks.flatMap((task) => {
    try {
      return [task()];
    } catch (error) {
      if (!(error instanceof SpecError)) throw error;
      messages.push(error.message);
      return [];
    }
  });
  if (messages.length > 0) throw new SpecError(messages.join('\n'));
  return results;
}
