/** What is known of a run's verdicts, and what of it is out of date. */
import type { Verdict } from '../judge/check.ts';
import type { ProductId } from '../specifications/model.ts';

export interface KnownDifference {
  /** Its id. */
  readonly requirement: string;
  /** Undefined: every product, or the account. */
  readonly product?: ProductId;
  readonly verdict: 'violates' | 'inconclusive' | 'not-run';
  readonly reason: string;
  /** The last day on which it is known, as YYYY-MM-DD. */
  readonly expires: string;
}

/** What a requirement came to on a product, or on the account. */
export interface Came {
  readonly requirement: string;
  readonly product: ProductId | 'account';
  readonly verdict: Verdict;
}

const concerns = ({ requirement, product }: KnownDifference, came: Came): boolean =>
  requirement === came.requirement && (product === undefined || product === came.product);

/** The entry by which this outcome is known on `today` (YYYY-MM-DD, UTC); undefined where it is news. */
export const isKnown = (known: readonly KnownDifference[], came: Came, today: string): KnownDifference | undefined =>
  known.find((each) => concerns(each, came) && each.verdict === came.verdict && each.expires >= today);

/** An entry that no longer holds, and what is to be done about it. */
export interface Due {
  readonly difference: KnownDifference;
  readonly sentence: string;
}

/** Expired ones, and stale ones: the requirement was judged, and came to something else everywhere. */
export function dueIn(known: readonly KnownDifference[], came: readonly Came[], today: string): readonly Due[] {
  return known.flatMap((difference): Due[] => {
    const { requirement, product, verdict, expires } = difference;
    const name = `known-differences.yaml: ${requirement}${product === undefined ? '' : ` on ${product}`}`;
    if (expires < today) return [{ difference, sentence: `${name} has expired on ${expires}. Remove it, or give it another date.` }];
    const judged = came.filter((each) => concerns(difference, each));
    if (judged.length === 0 || judged.some((each) => each.verdict === verdict)) return [];
    const now = [...new Set(judged.map((each) => each.verdict))].join(', ');
    return [{ difference, sentence: `${name} is stale: expected ${verdict}, got ${now}. Remove it, or correct its verdict.` }];
  });
}
