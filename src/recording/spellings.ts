/** Whether an answer looks like the one that the right key got on a resource. */
import type { AcceptedHistory } from './accepted.ts';
import { type Exchange, headerOf, type Response } from './exchange.ts';
import { classify } from './outcome.ts';

/** The 2xx that the right key got on a resource in the first history; undefined if it got none. */
export function acceptedAnswer(first: AcceptedHistory, operation: string): Response | undefined {
  const row = first.rows.find((each) => each.about === 'operation' && each.operation === operation);
  return row?.trial.exchanges
    .filter((each) => classify(each).kind === 'accepted')
    .map(successIn)
    .at(-1);
}

/** An acceptance with the content type and JSON kind that the right key gets. An HTML document or an error with 2xx does not count. */
export const looksAccepted = (exchange: Exchange, accepted: Response | undefined): boolean =>
  classify(exchange).kind === 'accepted' && looksLike(exchange, accepted);

/** A 2xx with that content type and JSON kind, whatever its content. */
export function looksLike(exchange: Exchange, accepted: Response | undefined): boolean {
  const answer = successIn(exchange);
  return (
    answer !== undefined &&
    accepted !== undefined &&
    headerOf(answer, 'content-type') === headerOf(accepted, 'content-type') &&
    answer.shape.json === accepted.shape.json
  );
}

const successIn = ({ answer }: Exchange): Response | undefined =>
  answer.kind === 'response' && answer.status >= 200 && answer.status < 300 ? answer : undefined;
