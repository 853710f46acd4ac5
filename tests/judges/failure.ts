/** What the section "Failure to authenticate" comes to on a product. */
import { type Exchange, headerOf, lengthOf, type Response } from '../../src/evidence/index.ts';
import type { DocumentedFailure } from '../../src/spec/index.ts';
import { type Check, conforms, type Judgement, noted, violates } from '../../src/verdict/index.ts';
import { agreeing } from './elsewhere.ts';
import { evidenceOf } from './ground.ts';
import { type Histories, isStandIn, judgeForm, judgeLetIn } from './refused.ts';
import { rewritten } from './rewritten.ts';
import { came, shown } from './words.ts';

interface Documented {
  readonly documented: DocumentedFailure;
}

/** Nothing but the key gets in. */
export const badKeyRefused = (histories: Histories): Judgement => judgeLetIn(histories, 'bad-key-refused');

/** A bad key is answered with the documented status. Oversized credentials and made-up ids may be answered otherwise: noted. */
export const failureStatus = (histories: Histories & Documented): Judgement =>
  judgeForm(histories, (name, _answers, attempts) => {
    const other = attempts.filter(({ trial }) => trial.outcome.kind === 'other');
    const plain = other.find((each) => !each.oversize && !isStandIn(each, histories.first));
    const [excused] = other;
    const { status, reason } = histories.documented;
    const documented = `${status} ${reason}`;
    if (plain !== undefined) {
      const last = plain.trial.exchanges.map(responseIn).at(-1);
      const actual = came(plain.trial);
      return violates(name, plain.trial.exchanges, documented, actual, last && agreeing(last, histories.documented, documented, actual));
    }
    if (excused !== undefined) return noted(name, excused.trial.exchanges, documented, came(excused.trial));
    return conforms(name, evidenceOf(...attempts.map(({ trial }) => trial)));
  });

type Difference = readonly [expected: string, actual: string, hint?: string | undefined];

/** Judges each 401 of a check by `differs`, which names what was expected and what came, and may add what that may come from. */
const judgeEach =
  (differs: (response: Response, documented: DocumentedFailure) => Difference | undefined, how = violates) =>
  (histories: Histories & Documented): Judgement =>
    judgeForm(histories, (name, answers): Check | undefined => {
      if (answers.length === 0) return undefined;
      for (const each of answers) {
        const response = responseIn(each);
        const difference = response && differs(response, histories.documented);
        if (difference) {
          const [expected, actual, hint] = difference;
          const other = agreeing(response, histories.documented, expected, actual);
          const message = hint === undefined ? other : `${other ?? `expected ${expected}, came ${actual}`}; ${hint}`;
          return how(name, [each], expected, actual, message);
        }
      }
      return conforms(name, answers);
    });

const responseIn = ({ answer }: Exchange): Response | undefined => (answer.kind === 'response' ? answer : undefined);

/** Exactly the documented content type, its parameter included. */
export const failureContentType = judgeEach((response, { contentType }) => {
  const actual = headerOf(response, 'content-type');
  if (actual === contentType) return undefined;
  if (actual === undefined) return [shown(contentType), 'no content type'];
  return [shown(contentType), shown(actual), rewritten(contentType, actual, 'white space and letter case')];
});

/** Exactly the documented bytes, after content decoding. */
export const failureBody = judgeEach((response, { body }) =>
  response.body === body && response.bodyBytes === body.length
    ? undefined
    : [
        `${shown(body)} (${body.length} bytes)`,
        `${shown(response.body)} (${lengthOf(response)})`,
        response.cut ? undefined : rewritten(body, response.body, 'white space'),
      ],
);

/** The reason phrase and the other headers of the example. An ETag need only be a weak one for a body of this length. */
export const failureHeaders = judgeEach((response, { reason, headers }) => {
  if (response.reason !== reason)
    return [
      `the reason phrase ${shown(reason)}`,
      response.reason === '' ? 'none' : shown(response.reason),
      rewritten(reason, response.reason, 'white space and letter case'),
    ];
  for (const [name, value] of headers) {
    const actual = headerOf(response, name);
    if (actual === undefined) return [`${name}: ${value}`, `no ${name}`];
    if (!sameField(name, value, actual)) return [`${name}: ${value}`, `${name}: ${shown(actual)}`];
  }
  return undefined;
}, noted);

/** Field values that are lists, or words without case, are compared as such (RFC 9110 sections 5.6.1, 7.6.1 and 12.5.5). */
function sameField(name: string, documented: string, actual: string): boolean {
  if (name.toLowerCase() === 'etag') return actual.startsWith(documented.slice(0, documented.indexOf('-') + 1));
  const members = (value: string): string =>
    value
      .split(',')
      .map((each) => each.trim().toLowerCase())
      .sort()
      .join();
  return members(documented) === members(actual);
}
