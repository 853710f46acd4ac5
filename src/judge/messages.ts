/** Messages for findings: what the host answered, and what to do about an inconclusive check. */
import { type Cause, causes } from '../recording/causes.ts';
import { type Exchange, redirectOf, sendersOf } from '../recording/exchange.ts';
import { isChallenge, type Outcome, type Trial } from '../recording/outcome.ts';

/** A call with its answers. */
type Asked = Pick<Trial, 'exchanges'>;

/** The last answer to a call, as a reader would name it: `401 Unauthorized`, `302 to https://…`, `no answer (connection refused)`. */
export function got(trial: Asked): string {
  const last = trial.exchanges.at(-1);
  return last === undefined ? 'no answer (the call was not sent)' : answerText(last);
}

function answerText({ answer }: Exchange): string {
  if (answer.kind === 'silence') return `no answer (${answer.detail})`;
  const target = redirectOf(answer);
  const what = [String(answer.status), answer.reason, target === undefined ? '' : `to ${target}`].filter((each) => each !== '').join(' ');
  return isChallenge(answer) ? `${what} with ${answer.shape.html ? 'an HTML document' : "a firewall's mark"}` : what;
}

/** The message of an inconclusive check: what was answered, by which server, and what to do. */
export function causeMessage(cause: Cause, trial?: Asked): string {
  const answer = trial?.exchanges.at(-1)?.answer;
  const target = answer?.kind === 'response' ? redirectOf(answer) : undefined;
  if (target !== undefined && cause === 'no-control')
    return `The host redirects to ${target}. If the product is there, put that address, without the path of this call, into its …_URL.`;
  const from = answer?.kind === 'response' ? sendersOf(answer) : [];
  const seen =
    trial === undefined || trial.exchanges.length === 0
      ? ''
      : `${answer?.kind === 'silence' ? 'There was' : 'The host answered'} ${got(trial)}${from.length === 0 ? '' : ` (${from.join(', ')})`}. `;
  return seen + causes[cause];
}

/** The cause of an inconclusive check. A 402 is about the plan on every resource. */
export function causeOf(outcome: Outcome): Cause {
  if (outcome.kind === 'unusable' || outcome.kind === 'unasked') return outcome.cause;
  return outcome.kind === 'other' && outcome.status === 402 ? 'entitlement' : 'no-control';
}

/** A text in quotes, with invisible characters escaped, cut to fit a line. */
export function shown(text: string): string {
  const escaped = JSON.stringify(text).replaceAll(
    /[\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202e\ufeff]/g,
    (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const plain = escaped.slice(1, -1).replaceAll('\\"', '"');
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain === '' ? 'nothing' : text.includes('"') ? `'${plain}'` : `"${plain}"`;
}
