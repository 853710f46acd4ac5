/** Bad credentials with `If-None-Match`. */
import { headerOf } from '../../src/evidence/index.ts';
import type { Attempt, Planned } from './refused.ts';

/** With its `If-None-Match`, if it is to have one: RFC 9110 section 13.2.1 has a server ignore that on what it would not answer with 2xx. */
export function conditional(planned: Planned, before: readonly Attempt[]): readonly Planned[] {
  const { ifNoneMatch, resource, credential } = planned;
  if (ifNoneMatch === undefined) return [planned];
  if (ifNoneMatch === '*') return [{ ...planned, headers: [['If-None-Match', '*']] }];
  const plain = before.find(
    (each) => each.resource === resource && each.credential === credential && each.trial.outcome.kind === 'refused',
  );
  const answer = plain?.trial.exchanges.at(-1)?.answer;
  const etag = answer?.kind === 'response' ? headerOf(answer, 'etag') : undefined;
  // What cannot stand in a request as it is (RFC 9110 section 8.8.3) matches nothing.
  return etag !== undefined && /^[\x21-\x7e]+$/.test(etag) ? [{ ...planned, headers: [['If-None-Match', etag]] }] : [];
}
