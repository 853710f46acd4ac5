/** Which of the exchanges behind a check the check is about. */
import type { Exchange } from '../recording/exchange.ts';

/** The first that is no control; where all of them are, the last. */
export const subjectOf = (evidence: readonly Exchange[]): Exchange | undefined =>
  evidence.find((each) => !isControl(each)) ?? evidence.at(-1);

/** The right key, let in under one of the usernames that controls have: it stands beside the call that the check is about. */
const isControl = ({ request, answer }: Exchange): boolean =>
  /^Basic (API|X) : key$/.test(request.credentials) && answer.kind === 'response' && answer.status >= 200 && answer.status < 300;
