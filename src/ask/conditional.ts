/** Bad credentials with `If-None-Match`. */
import { headerOf } from '../recording/exchange.ts';
import { isLetIn } from '../recording/outcome.ts';
import type { Attempt } from '../recording/refused.ts';
import type { Planned } from './planned.ts';

/**
 * Adds the planned `If-None-Match`, if any. RFC 9110 section 13.2.1: a server ignores it unless the answer would be a 2xx. The call is left
 * out if these credentials are accepted anyway: then a 304 is the resource's answer and not a refusal of another form.
 */
export function conditional(planned: Planned, before: readonly Attempt[]): readonly Planned[] {
  const { ifNoneMatch } = planned;
  if (ifNoneMatch === undefined) return [planned];
  const plain = before.filter((each) => each.resource === planned.resource && each.credential === planned.credential);
  if (plain.some(({ trial }) => isLetIn(trial))) return [];
  const value = ifNoneMatch === '*' ? ifNoneMatch : etagOf(plain.find(({ trial }) => trial.outcome.kind === 'refused'));
  return value === undefined ? [] : [{ ...planned, headers: [['If-None-Match', value]] }];
}

/** Undefined if the answer has no ETag, or one that a request cannot repeat unchanged (RFC 9110 section 8.8.3). */
function etagOf(attempt: Attempt | undefined): string | undefined {
  const answer = attempt?.trial.exchanges.at(-1)?.answer;
  const etag = answer?.kind === 'response' ? headerOf(answer, 'etag') : undefined;
  return etag !== undefined && /^[\x21-\x7e]+$/.test(etag) ? etag : undefined;
}
