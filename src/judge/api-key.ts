/** Judges the section "API key": one key for every resource of a product, and for every product. */

import { type AcceptedHistory, type AcceptedRow, statusesNotServed, takesOldKey } from '../recording/accepted.ts';
import type { Recording } from '../recording/recording.ts';
import { exchangesOf, inconclusiveRow, judgeRows, standingOf } from './accepted.ts';
import { type Check, conforms, inconclusive, type Judgement, noted, violates } from './check.ts';
import { causeMessage, got } from './messages.ts';
import { checked, evidenceOf, intermittent401s, unmetPrecondition } from './preconditions.ts';

/** The key is accepted on every resource that it may be tried on. */
export function keyForAllCalls({ first }: { readonly first: AcceptedHistory }): Judgement {
  const times = intermittent401s(first);
  return judgeRows(
    first,
    first.rows.filter((row) => row.about === 'operation' || standingOf(row) === 'intermittent'),
    (row) => judgeOperation(row, times),
  );
}

function judgeOperation(row: AcceptedRow, times: number): Check {
  const evidence = exchangesOf(row);
  const { outcome } = row.trial;
  const standing = standingOf(row);
  if (standing === 'accepted') return conforms(row.name, evidence);
  if (standing === 'intermittent' && times >= 2)
    return violates(row.name, evidence, 'the key to be accepted every time', `an intermittent 401 (${times} in this run)`);
  const status = standing === 'refused' ? 401 : outcome.kind === 'other' ? outcome.status : undefined;
  if (status === undefined) return inconclusiveRow(row);
  if (status === 402 || row.planStatuses.includes(status))
    return inconclusive(row.name, evidence, 'entitlement', causeMessage('entitlement', row.trial));
  if (status === 401) return violates(row.name, evidence, 'the key to be accepted', got(row.trial));
  if (statusesNotServed.includes(status))
    return noted(row.name, evidence, 'the resource to be served', got(row.trial), `not served here: got ${got(row.trial)}`);
  return inconclusive(row.name, evidence, 'no-control', causeMessage('no-control', row.trial));
}

/** Every product that was named accepts the key. */
export function keyForAllProducts(recordings: readonly Pick<Recording, 'first'>[]): Judgement {
  const products = recordings.map(({ first }) => first);
  if (products.length < 2) return { kind: 'not-run', needs: 'at least two products' };
  const someAccept = products.some(({ control }) => control !== undefined);
  const checks = products.flatMap((first) => judgeProduct(first, someAccept));
  return checks.length < 2 ? { kind: 'not-run', needs: 'at least two products on which the key can be tried' } : checked(checks);
}

const innocentReasons = 'The account may not be subscribed to it, or no one has logged in to it since the last reset.';

function judgeProduct(first: AcceptedHistory, someAccept: boolean): readonly Check[] {
  const evidence = evidenceOf(...first.search);
  const missing = unmetPrecondition(first);
  if (missing === undefined) return [conforms(first.product, evidence)];
  if (missing.kind !== 'checked') return [];
  const refusal = first.search.find(({ outcome }) => outcome.kind === 'refused');
  // If every call had a made-up id, there is too little evidence to blame the product.
  if (refusal !== undefined && someAccept && !first.needsId && !takesOldKey(first))
    return [
      violates(
        first.product,
        evidence,
        'the key to be accepted',
        got(refusal),
        `${first.product} refuses a key that another product accepts: got ${got(refusal)}. ${innocentReasons}`,
      ),
    ];
  return missing.checks.map((check) => ({ ...check, name: first.product }));
}
