/** What an answer says, whoever asked: the four rows of the table of verdicts, and what two answers to one call come to. */
import type { Cause } from './causes.ts';
import { type Exchange, headerOf, type Response } from './exchange.ts';

/** `other` is a definite answer that is neither let in nor a 401; `unusable` tells nothing, for the cause named. */
export type Answered =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'other'; readonly status: number }
  | { readonly kind: 'unusable'; readonly cause: Cause };

/** `unasked`: the product had been given up before this call's turn came. */
export type Outcome = Answered | { readonly kind: 'unasked'; readonly cause: Cause };

const causeOfStatus: Readonly<Record<number, Cause>> = {
  407: 'proxy',
  408: 'timeout',
  421: 'unreachable',
  423: 'locked-out',
  425: 'unreachable',
  429: 'throttled',
};
const definiteServerErrors = [500, 501, 505];

/** Marks by which a firewall says that it has answered in the place of the host. */
const challengeMarks = ['cf-mitigated', 'x-amzn-waf-action'];

/** Each judge asks again what an answer says; it says the same. */
const known = new WeakMap<Exchange, Answered>();

export function classify(exchange: Exchange): Answered {
  const before = known.get(exchange);
  if (before !== undefined) return before;
  const answered = read(exchange);
  known.set(exchange, answered);
  return answered;
}

function read({ answer }: Exchange): Answered {
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

/** A document where an API was asked, or a firewall's mark. A 401 is a refusal whatever its body is. */
export function isChallenge(response: Response): boolean {
  if (challengeMarks.some((name) => headerOf(response, name) !== undefined)) return true;
  const { status } = response;
  return response.shape.html && ((status >= 200 && status < 300) || status === 403 || status === 405 || status === 503);
}

/**
 * What the answers to one call come to: the first, and the second where it was asked again.
 * An answer outside 2xx and 401 stands only when it came twice; a different second answer tells that the host is unstable.
 */
export function settle(exchanges: readonly Exchange[]): Answered {
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

const unstable: Answered = { kind: 'unusable', cause: 'unstable' };

/**
 * A connection that had served before was closed, or answered 408 (RFC 9110 section 15.5.9), before this request got anything else: the
 * host had given the connection up just then. No sign of trouble, and the call is asked again at once.
 */
export const wasClosedEarly = ({ answer, reusedConnection }: Exchange): boolean =>
  reusedConnection && (answer.kind === 'silence' ? answer.cause === 'unreachable' : answer.status === 408);

/** Let in whenever it was seen, whatever came when the call was asked again. */
export const isLetIn = ({ exchanges }: { readonly exchanges: readonly Exchange[] }): boolean =>
  exchanges.some((each) => classify(each).kind === 'accepted');

/** One call with all the answers it got. */
export interface Trial {
  readonly exchanges: readonly Exchange[];
  readonly outcome: Outcome;
}
