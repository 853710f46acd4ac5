/** Judges the section "Example" on a product. */
import type { AcceptedHistory, AcceptedRow } from '../recording/accepted.ts';
import { exchangesOf, inconclusiveRow, judgeRows, standingOf } from './accepted.ts';
import { type Check, conforms, inconclusive, type Judgement, violates } from './check.ts';
import { causeMessage, causeOf, got } from './messages.ts';

/** The page's own call works as written, apart from key and host. */
export function documentedCall({ first }: { readonly first: AcceptedHistory }): Judgement {
  const rows = first.rows.filter((row) => row.about === 'documented call');
  if (rows.length === 0 && (first.control !== undefined || !first.hasPageExample)) return { kind: 'not-applicable' };
  return judgeRows(first, rows, (row) => judgeDocumentedCall(row, first));
}

function judgeDocumentedCall(row: AcceptedRow, first: AcceptedHistory): Check {
  const standing = standingOf(row);
  const { outcome } = row.trial;
  if (standing === 'accepted') return conforms(row.name, exchangesOf(row));
  const status = standing === 'refused' ? 401 : standing === 'other' && outcome.kind === 'other' ? outcome.status : undefined;
  if (status === undefined) return inconclusiveRow(row);
  // The plan explains it only if the resource gives the key the same answer under another username.
  const plain = first.rows.find((each) => each.about === 'operation' && each.operation === row.operation);
  const shut = plain !== undefined && standingOf(plain) === standing;
  if (shut && (status === 402 || row.planStatuses.includes(status)))
    return inconclusive(row.name, exchangesOf(row), 'entitlement', causeMessage('entitlement', row.trial));
  return violates(row.name, exchangesOf(row), "the page's own call to be accepted", got(row.trial));
}

/** A call that is documented as public works without credentials. */
export function publicCall({ first }: { readonly first: AcceptedHistory }): Judgement {
  if (first.publicOperations === 0) return { kind: 'not-applicable' };
  const rows = first.rows.filter((row) => row.about === 'no credentials');
  if (rows.length === 0 && first.control !== undefined)
    return { kind: 'not-run', needs: 'UNSAFE_METHODS=1 (these calls may change something)' };
  const conclusive = rows.filter(
    ({ placeholder, trial: { outcome } }) => !placeholder || outcome.kind === 'accepted' || outcome.kind === 'refused',
  );
  if (rows.length > 0 && conclusive.length === 0)
    return { kind: 'not-run', needs: 'an id of the account (the answers to a made-up id prove nothing)' };
  return judgeRows(first, conclusive, judgePublicCall);
}

function judgePublicCall({ name, trial }: AcceptedRow): Check {
  const { outcome, exchanges } = trial;
  if (outcome.kind === 'accepted') return conforms(name, exchanges);
  if (outcome.kind === 'refused') return violates(name, exchanges, 'the call to be accepted without credentials', got(trial));
  return inconclusive(name, exchanges, causeOf(outcome), causeMessage(causeOf(outcome), trial));
}
