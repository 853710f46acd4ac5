/** The places where a requirement is judged: on each product, or on the account. */
import type { Verdict } from '../judge/check.ts';
import type { ProductId } from '../specifications/model.ts';
import type { Conformance } from './model.ts';

export type Entry = Conformance['requirements'][number];

/** A requirement of the account has no products. */
export const isOfAccount = ({ products }: Pick<Entry, 'products'>): boolean => Object.keys(products).length === 0;

/** Undefined if it was not judged there. */
export const verdictOn = (entry: Entry, place: ProductId | 'account'): Verdict | undefined =>
  place !== 'account' ? entry.products[place] : isOfAccount(entry) ? entry.verdict : undefined;

/** Whether what decides its verdict there is a difference that the team has accepted. */
export function isKnownOn(entry: Entry, place: ProductId | 'account'): boolean {
  const verdict = verdictOn(entry, place);
  return entry.findings.some((each) => (each.product ?? 'account') === place && each.verdict === verdict && each.known);
}
