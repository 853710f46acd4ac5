/** How many of the documented calls a run has checked. A call counts if a check that is named after it could be judged. */
import type { Check } from '../judge/check.ts';
import { statusesNotServed } from '../recording/accepted.ts';
import { ofProduct, type ProductId, type ProductSpec, productIds } from '../specifications/model.ts';
import type { Run } from './model.ts';

export interface Coverage {
  readonly product: ProductId;
  readonly title: string;
  /** Documented operations, including those that cannot be checked. */
  readonly documented: number;
  readonly checked: number;
  /** Ids that no check of this run looked at. */
  readonly left: readonly string[];
  /** Ids that the host does not serve. */
  readonly notServed: readonly string[];
  /** Documented operations that are never called, and why. */
  readonly unchecked: ProductSpec['unchecked'];
}

/** For each tested product. */
export function coverageOf(run: Pick<Run, 'results' | 'target'>, products: Readonly<Record<ProductId, ProductSpec>>): readonly Coverage[] {
  return productIds.flatMap((product): Coverage[] => {
    if (run.target.products[product] === undefined || !run.results.some((each) => each.product === product)) return [];
    const { title, operations, unchecked } = ofProduct(products, product);
    const judged = run.results
      .filter((result) => result.product === product)
      .flatMap(({ judgement }) => (judgement.kind === 'checked' ? judgement.checks : []))
      .filter(({ verdict }) => verdict !== 'inconclusive');
    const named = (id: string): readonly Check[] => judged.filter(({ name }) => name === id);
    const ids = operations.map(({ id }) => id);
    const left = ids.filter((id) => named(id).length === 0);
    const notServed = ids.filter((id) => named(id).some(isAbsence));
    const checked = ids.length - left.length - notServed.length;
    return [{ product, title, documented: ids.length + unchecked.length, checked, left, notServed, unchecked }];
  });
}

/** A status to the right key that says that the resource does not exist. It is noted and breaks no promise. */
const isAbsence = ({ verdict, evidence }: Check): boolean =>
  verdict === 'noted' &&
  evidence.some(
    ({ request, answer }) =>
      /^Basic (API|X) : key$/.test(request.credentials) && answer.kind === 'response' && statusesNotServed.includes(answer.status),
  );

/** In one sentence, for a printout; none if no product was run. */
export function coverageInWords(coverage: readonly Coverage[]): readonly string[] {
  const counts = coverage.map(({ product, documented, checked, notServed }) => {
    const absent = notServed.length === 0 ? '' : ` (${notServed.length} not served there)`;
    return `${product} ${checked} of ${documented}${absent}`;
  });
  return counts.length === 0 ? [] : [`Documented calls checked: ${counts.join(', ')}.`];
}
