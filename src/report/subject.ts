/** The exchange that a check is about, among all the exchanges behind it. */
import type { Exchange } from '../recording/exchange.ts';

/** The first that is not a control; if all are controls, the last. */
export const subjectOf = (evidence: readonly Exchange[]): Exchange | undefined =>
  evidence.find((each) => !isControl(each)) ?? evidence.at(-1);

/** A control: the right key, accepted under a username that controls use. */
const isControl = ({ request, answer }: Exchange): boolean =>
  /^Basic (API|X) : key$/.test(request.credentials) && answer.kind === 'response' && answer.status >= 200 && answer.status < 300;
