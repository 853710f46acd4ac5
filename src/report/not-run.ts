/** What was not run and why, each reason once. */

import { grouped } from '../grouped.ts';
import { no401 } from '../judge/refused.ts';
import { productIds } from '../specifications/model.ts';
import { notRunOf } from './fold.ts';
import { notSelected } from './headline.ts';
import type { Conformance, Run } from './model.ts';

export interface NotRun {
  /** As in the results. */
  readonly needs: string;
  /** `Not run: needs UNSAFE_METHODS=1`; `Not selected`. */
  readonly reason: string;
  /** Each as a reader names it: `public-call`, or `public-call on PRODUCT` where other products were checked. */
  readonly requirements: readonly [string, ...string[]];
}

/** In the page's order. */
export function notRunIn({ results }: Pick<Run, 'results'>, { requirements }: Conformance): readonly NotRun[] {
  const all = requirements.flatMap(({ id, needs }) => {
    const applied = results.filter(({ requirement, judgement }) => requirement === id && judgement.kind !== 'not-applicable');
    const missing = notRunOf(applied);
    // No product has a result: the requirement as a whole says why.
    if (missing.length === 0) return needs === undefined ? [] : [{ name: id, needs }];
    return [...grouped(missing, (each) => each.needs)].map(([reason, of]) => {
      const products = productIds.filter((each) => of.some(({ product }) => product === each));
      const isWhole = of.length === applied.length || products.length === 0;
      return { name: isWhole ? id : `${id} on ${products.join(', ')}`, needs: reason };
    });
  });
  return [...grouped(all, ({ needs }) => needs)].map(([needs, [first, ...others]]) => ({
    needs,
    reason: reasonOf(needs),
    requirements: [first.name, ...others.map(({ name }) => name)],
  }));
}

/** If the user left out more requirements than this, they are counted instead of named. */
const leftOutNamed = 6;

/** The requirements in words: `failure-body, public-call on PRODUCT`, or `16 of 23 requirements`. */
export function namesOf({ needs, requirements }: NotRun, conformance: Conformance): string {
  const isCounted = needs === notSelected && requirements.length > leftOutNamed;
  return isCounted ? `${requirements.length} of ${conformance.requirements.length} requirements` : requirements.join(', ');
}

function reasonOf(needs: string): string {
  if (needs === notSelected) return 'Not selected';
  return needs === no401 ? `Not run: ${needs}` : `Not run: needs ${needs}`;
}
