/** Which of a run's verdicts are known differences, and which known differences are out of date. */
import type { Verdict } from '../judge/check.ts';
import type { ProductId } from '../specifications/model.ts';

export interface KnownDifference {
  /** The requirement's id. */
  readonly requirement: string;
  /** Undefined: every product, and the account. */
  readonly product?: ProductId;
  readonly verdict: 'violates' | 'inconclusive' | 'not-run';
  readonly reason: string;
  /** The last day on which the entry is valid, as YYYY-MM-DD. */
  readonly expires: string;
}

/** The verdict of a requirement on a product, or on the account. */
export interface RequirementOutcome {
  readonly requirement: string;
  readonly product: ProductId | 'account';
  readonly verdict: Verdict;
}

const concerns = ({ requirement, product }: KnownDifference, outcome: RequirementOutcome): boolean =>
  requirement === outcome.requirement && (product === undefined || product === outcome.product);

/** The entry that makes this verdict known on `today` (YYYY-MM-DD, UTC); undefined if it is not known. */
export const knownDifferenceFor = (
  known: readonly KnownDifference[],
  outcome: RequirementOutcome,
  today: string,
): KnownDifference | undefined =>
  known.find((each) => concerns(each, outcome) && each.verdict === outcome.verdict && each.expires >= today);

/** An entry that is out of date, and what to do about it. */
export interface Due {
  readonly difference: KnownDifference;
  readonly sentence: string;
}

/** The expired entries and the stale ones, whose requirement was judged and got another verdict everywhere. */
export function dueIn(known: readonly KnownDifference[], outcomes: readonly RequirementOutcome[], today: string): readonly Due[] {
  return known.flatMap((difference): Due[] => {
    const { requirement, product, verdict, expires } = difference;
    const name = `known-differences.yaml: ${requirement}${product === undefined ? '' : ` on ${product}`}`;
    if (expires < today) return [{ difference, sentence: `${name} expired on ${expires}. Remove it, or give it a later date.` }];
    const judged = outcomes.filter((each) => concerns(difference, each));
    if (judged.length === 0 || judged.some((each) => each.verdict === verdict)) return [];
    const now = [...new Set(judged.map((each) => each.verdict))].join(', ');
    return [{ difference, sentence: `${name} is stale: expected ${verdict}, got ${now}. Remove it, or correct its verdict.` }];
  });
}
