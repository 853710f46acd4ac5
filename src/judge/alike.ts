/** One cause is one finding: the checks that it explains, together. */
import { grouped } from '../grouped.ts';
import type { Check } from './check.ts';

/** Of a requirement on a product: one credential that was let in, or else a difference told in the same words. In order of appearance. */
export const alike = (checks: readonly Check[]): readonly (readonly [Check, ...Check[]])[] => [...grouped(checks, causeIn).values()];

function causeIn(check: Check): string {
  const { verdict } = check;
  switch (verdict) {
    case 'conforms':
      return verdict;
    case 'inconclusive':
      return JSON.stringify([verdict, check.cause, check.message]);
    case 'violates':
    case 'noted':
      return JSON.stringify([
        verdict,
        ...(check.credential === undefined ? [check.expected, check.actual, check.message] : [check.credential]),
      ]);
    default:
      return verdict satisfies never;
  }
}
