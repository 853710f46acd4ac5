/** Classifies answers, whatever credentials were sent, and combines the answers to a repeated call. */
import type { Cause } from './causes.ts';
import { type Exchange, headerOf, type Response } from './exchange.ts';

/** `other` is a definite answer that is neither an acceptance nor a 401; `unusable` proves nothing, for the named cause. */
export type AnsweredOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'other'; readonly status: number }
  | { readonly kind: 'unusable'; readonly cause: Cause };

/** `unasked`: the product was given up before it was this call's turn. */
export type Outcome = AnsweredOutcome | { readonly kind: 'unasked'; readonly cause: Cause };

const causeOfStatus: Readonly<Record<number, Cause>> = {
  407: 'proxy',
  408: 'timeout',
  421: 'unreachable',
  423: 'locked-out',
  425: 'unreachable',
  429: 'throttled',
};
const definiteServerErrors = [500, 501, 505];

/** Headers by which a firewall shows that it answered instead of the host. */
const challengeMarks = ['cf-mitigated', 'x-amzn-waf-action'];

/** Every judge classifies the same exchanges, so the results are kept. */
const known = new WeakMap<Exchange, AnsweredOutcome>();

/** Whether an answer accepts the call, refuses it (401), does neither, or cannot be used. */
export function classify(exchange: Exchange): AnsweredOutcome {
  const before = known.get(exchange);
  if (before !== undefined) return before;
  const answered = read(exchange);
  known.set(exchange, answered);
  return answered;
}

function read({ answer }: Exchange): AnsweredOutcome {
  if (answer.kind === 'silence') return { kind: 'unusable', cause: answer.cause };
  const { status } = answer;
  if (isChallenge(answer)) return { kind: 'unusable', cause: 'challenge' };
  if (status === 401) return { kind: 'refused' };
  if (status >= 200 && status < 300) return answer.shape.onlyError ? { kind: 'other', status } : { kind: 'accepted' };
  if (answer.shape.declared) return { kind: 'accepted' };
  const cause = causeOfStatus[status];
  if (cause !== undefined) return { kind: 'unusable', cause };
  if (status >= 500 && status < 600)
    return definiteServerErrors.includes(status) ? { kind: 'other', status } : { kind: 'unusable', cause: 'unreachable' };
  if (status >= 300 && status < 500) return { kind: 'other', status };
  return { kind: 'unusable', cause: 'malformed' };
}

/** An HTML document instead of the API's answer, or a firewall's header. A 401 with an HTML body is still a refusal. */
export function isChallenge(response: Response): boolean {
  if (challengeMarks.some((name) => headerOf(response, name) !== undefined)) return true;
  const { status } = response;
  return response.shape.html && ((status >= 200 && status < 300) || status === 403 || status === 405 || status === 503);
}

/**
 * The outcome of one call: its first answer, and the second if the call was repeated.
 * An answer other than 2xx and 401 counts only if it was given twice; a different second answer means that the host is unstable.
 */
export function settle(exchanges: readonly Exchange[]): AnsweredOutcome {
  const counted = exchanges.filter((each, index) => index === exchanges.length - 1 || !wasClosedEarly(each));
  const first = counted[0];
  const second = counted[1];
  if (first === undefined) return { kind: 'unusable', cause: 'no-check' };
  const once = classify(first);
  if (second === undefined) return once;
  const again = classify(second);
  if (once.kind === 'unusable') return again.kind === 'other' ? unstable : again;
  if (once.kind === 'other') return again.kind === 'other' && again.status === once.status ? once : unstable;
  return once;
}

const unstable: AnsweredOutcome = { kind: 'unusable', cause: 'unstable' };

/**
 * The host closed a reused connection, or answered 408 (RFC 9110 section 15.5.9), before anything else: it gave up the connection just as the
 * request was sent. That is no sign of a problem, and the call is repeated at once.
 */
export const wasClosedEarly = ({ answer, reusedConnection }: Exchange): boolean =>
  reusedConnection && (answer.kind === 'silence' ? answer.cause === 'unreachable' : answer.status === 408);

/** Whether any of the answers accepted the call, even if a repeated call was answered otherwise. */
export const isLetIn = ({ exchanges }: { readonly exchanges: readonly Exchange[] }): boolean =>
  exchanges.some((each) => classify(each).kind === 'accepted');

/** One call with all its answers. */
export interface Trial {
  readonly exchanges: readonly Exchange[];
  readonly outcome: Outcome;
}
