/** Bad credentials with `If-None-Match`. */
import { headerOf } from '../recording/exchange.ts';
import { isLetIn } from '../recording/outcome.ts';
import type { Attempt } from '../recording/refused.ts';
import type { Planned } from './refused.ts';

/**
 * With its `If-None-Match`, if it is to have one: RFC 9110 section 13.2.1 has a server ignore that on what it would not answer with 2xx.
 * Left out where these credentials are let in anyway: a 304 is then the answer of the resource, and no refusal of another form.
 */
export function conditional(planned: Planned, before: readonly Attempt[]): readonly Planned[] {
  const { ifNoneMatch } = planned;
  if (ifNoneMatch === undefined) return [planned];
  const plain = before.filter((each) => each.resource === planned.resource && each.credential === planned.credential);
  if (plain.some(({ trial }) => isLetIn(trial))) return [];
  const value = ifNoneMatch === '*' ? ifNoneMatch : etagOf(plain.find(({ trial }) => trial.outcome.kind === 'refused'));
  return value === undefined ? [] : [{ ...planned, headers: [['If-None-Match', value]] }];
}

/** Undefined where the answer has none, or one that cannot stand in a request as it is (RFC 9110 section 8.8.3). */
function etagOf(attempt: Attempt | undefined): string | undefined {
  const answer = attempt?.trial.exchanges.at(-1)?.answer;
  const etag = answer?.kind === 'response' ? headerOf(answer, 'etag') : undefined;
  return etag !== undefined && /^[\x21-\x7e]+$/.test(etag) ? etag : undefined;
}
