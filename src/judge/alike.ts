/** Checks with the same cause are one finding. */
import { grouped } from '../grouped.ts';
import type { Check } from './check.ts';

/**
 * Groups the checks of a requirement on a product: by the bad credential that was accepted, otherwise by identical messages. In order of
 * appearance.
 */
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
