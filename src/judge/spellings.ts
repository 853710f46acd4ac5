/** Judges other spellings of a resource's path: whether they serve the resource to a call without credentials. */
import { grouped } from '../grouped.ts';
import type { AcceptedHistory } from '../recording/accepted.ts';
import { isLetIn } from '../recording/outcome.ts';
import type { RefusedHistory, Respelled } from '../recording/refused.ts';
import { acceptedAnswer, looksAccepted, looksLike } from '../recording/spellings.ts';
import { type Check, conforms, inconclusive, violates } from './check.ts';
import { causeMessage, got } from './messages.ts';
import { evidenceOf } from './preconditions.ts';

/** A check for each spelling, over all resources. Only an accepted call or one that was not sent is a finding. */
export function spellingChecks(first: AcceptedHistory, second: RefusedHistory): readonly Check[] {
  // If the plain path already accepts a call without credentials, another spelling adds nothing.
  const open = new Set(second.attempts.filter((each) => each.kind === 'nothing' && isLetIn(each.trial)).map(({ resource }) => resource));
  const answered = second.spellings.filter(({ resource, trial }) => !open.has(resource) && trial.exchanges.length > 0);
  const checks = [...grouped(answered, ({ spelling }) => spelling)].map(([spelling, calls]): Check => {
    const name = `the path with ${spelling}`;
    const letIn = calls.filter((each) => isServed(each, first));
    const [one] = letIn;
    if (one === undefined) return conforms(name, evidenceOf(...calls.map(({ trial }) => trial)));
    const more = letIn.length - 1;
    const others = more === 0 ? '' : ` (also at ${more} other ${more === 1 ? 'resource' : 'resources'} with ${spelling})`;
    const message = `a call without credentials was accepted at ${one.path}, another spelling of ${one.resource}${others}: expected a refusal, got ${got(one.trial)}`;
    return violates(name, evidenceOf(one.trial, ...one.siblings), 'a refusal', got(one.trial), message);
  });
  const { givenUp, unaskedSpellings } = second;
  if (unaskedSpellings === 0 || givenUp === undefined) return checks;
  const last = second.controls.at(-1);
  const name = `other spellings of paths (${unaskedSpellings} calls were not sent)`;
  return [...checks, inconclusive(name, last?.exchanges ?? [], givenUp, causeMessage(givenUp, last))];
}

/** Its answer looks like the one to the right key, while every made-up sibling was answered and none looks like it. */
function isServed({ resource, trial, siblings }: Respelled, first: AcceptedHistory): boolean {
  const accepted = acceptedAnswer(first, resource);
  return (
    trial.exchanges.some((each) => looksAccepted(each, accepted)) &&
    siblings.length > 0 &&
    siblings.every(({ exchanges }) => exchanges.length > 0 && !exchanges.some((each) => looksLike(each, accepted)))
  );
}
