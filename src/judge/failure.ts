/** Judges the section "Failure to authenticate" on a product. */

import { grouped } from '../grouped.ts';
import { type Exchange, headerOf, lengthOf, type Response } from '../recording/exchange.ts';
import { isLetIn } from '../recording/outcome.ts';
import type { Recording } from '../recording/recording.ts';
import { keyLabel, neverIssuedKey, type Probe } from '../recording/reset.ts';
import type { DocumentedFailure } from '../specifications/model.ts';
import { type Check, comparing, conforms, type Judgement, letIn, noted, violates } from './check.ts';
import { got, shown } from './messages.ts';
import { agreeing } from './other-pages.ts';
import { evidenceOf } from './preconditions.ts';
import { type Histories, judgeForm, judgeLetIn, type Refusal } from './refused.ts';
import { rewritten } from './rewritten.ts';
import { neverIssuedAcceptedIn } from './truth-table.ts';

type Refusing = Pick<Recording, 'first' | 'second' | 'reset' | 'documented'>;

/** Only the right key is accepted, around a reset too. */
export const badKeyRefused = ({ reset, ...histories }: Histories & Pick<Recording, 'reset'>): Judgement =>
  judgeLetIn(histories, 'bad-key-refused', (_first, { attempts }) => {
    // If other bad credentials are accepted as well, they say better which requirement that violates.
    const [accepted] = reset === undefined || attempts.some(({ trial }) => isLetIn(trial)) ? [] : neverIssuedAcceptedIn(reset);
    if (accepted === undefined) return [];
    const key = keyLabel(accepted.key);
    const answer = got(accepted.trial);
    const message = `${key} was accepted around a reset: expected a refusal, got ${answer}`;
    return [letIn(`around a reset: ${key}`, accepted.trial.exchanges, key, answer, message)];
  });

/** Judges the form of one check's refusals; undefined if none of them says anything about it. */
type Form = (name: string, refusals: readonly Refusal[], documented: DocumentedFailure) => Check | undefined;

/** The documented status. Oversized credentials and calls without a positive control may get another status: that is only noted. */
const statusForm: Form = (name, refusals, documented) => {
  const other = refusals.filter(({ trial }) => trial.outcome.kind === 'other');
  const plain = other.find((each) => !each.excused);
  const [excused] = other;
  const wanted = `${documented.status} ${documented.reason}`;
  if (plain !== undefined) {
    const last = plain.trial.exchanges.map(responseIn).at(-1);
    const actual = got(plain.trial);
    const check = violates(name, plain.trial.exchanges, wanted, actual, last && agreeing(last, documented, wanted, actual));
    return last === undefined ? check : comparing(wanted, `${last.status} ${last.reason}`.trim(), check);
  }
  if (excused !== undefined) return noted(name, excused.trial.exchanges, wanted, got(excused.trial));
  return conforms(name, evidenceOf(...refusals.map(({ trial }) => trial)));
};

/** `literals` are the two texts themselves, if they were compared literally. */
type Difference = readonly [expected: string, actual: string, hint?: string | undefined, literals?: readonly [string, string]];

/** Compares each 401 by `differs`, which returns what was expected, what was received and possibly a hint at the reason. */
const eachForm =
  (differs: (response: Response, documented: DocumentedFailure) => Difference | undefined, how = violates): Form =>
  (name, refusals, documented) => {
    const answers = refusals.filter(({ trial }) => trial.outcome.kind === 'refused').flatMap(({ trial }) => trial.exchanges.slice(-1));
    if (answers.length === 0) return undefined;
    for (const each of answers) {
      const response = responseIn(each);
      const difference = response && differs(response, documented);
      if (difference) {
        const [expected, actual, hint, literals] = difference;
        const other = agreeing(response, documented, expected, actual);
        const message = hint === undefined ? other : `${other ?? `expected ${expected}, got ${actual}`}; ${hint}`;
        const check = how(name, [each], expected, actual, message);
        return literals === undefined ? check : comparing(...literals, check);
      }
    }
    return conforms(name, answers);
  };

const responseIn = ({ answer }: Exchange): Response | undefined => (answer.kind === 'response' ? answer : undefined);

/** Exactly the documented content type, including its parameter. */
const contentTypeForm = eachForm((response, { contentType }) => {
  const actual = headerOf(response, 'content-type');
  if (actual === contentType) return undefined;
  if (actual === undefined) return [shown(contentType), 'no content type'];
  return [shown(contentType), shown(actual), rewritten(contentType, actual, 'white space and letter case'), [contentType, actual]];
});

/** Exactly the documented bytes, after content decoding. */
const bodyForm = eachForm((response, { body }) => {
  const wanted = `${shown(body)} (${body.length} bytes)`;
  if (response.shape.undecodable)
    return [wanted, `a body that cannot be decoded as its Content-Encoding ${shown(headerOf(response, 'content-encoding') ?? '')} says`];
  return response.body === body && response.bodyBytes === body.length
    ? undefined
    : [
        wanted,
        `${shown(response.body)} (${lengthOf(response)})`,
        response.cut ? undefined : rewritten(body, response.body, 'white space'),
        [body, response.body],
      ];
});

/** The reason phrase and the other headers of the example. An ETag need only be weak and name the documented body length. */
const headersForm = eachForm((response, { reason, headers }) => {
  if (response.reason !== reason)
    return [
      `the reason phrase ${shown(reason)}`,
      response.reason === '' ? 'none' : shown(response.reason),
      rewritten(reason, response.reason, 'white space and letter case'),
      [reason, response.reason],
    ];
  const isCoded = headerOf(response, 'content-encoding') !== undefined;
  for (const [name, value] of headers) {
    // Of a coded body the length depends on the coder.
    if (isCoded && name.toLowerCase() === 'content-length') continue;
    const actual = headerOf(response, name);
    if (actual === undefined) return [`${name}: ${value}`, `no ${name}`];
    if (!sameField(name, value, actual)) return [`${name}: ${shown(value)}`, `${name}: ${shown(actual)}`];
  }
  return undefined;
}, noted);

const judgedBy =
  (form: Form) =>
  (histories: Refusing): Judgement =>
    judgeForm(histories, (name, refusals) => form(name, refusals, histories.documented));

export const failureStatus = judgedBy(statusForm);
export const failureContentType = judgedBy(contentTypeForm);
export const failureBody = judgedBy(bodyForm);
export const failureHeaders = judgedBy(headersForm);

const forms = {
  'failure-status': statusForm,
  'failure-content-type': contentTypeForm,
  'failure-body': bodyForm,
  'failure-headers': headersForm,
} as const satisfies Record<string, Form>;

/**
 * Differences from the documentation in how a product refused the old key of a reset by a person. They are noted and change no verdict:
 * `verify-reset` asks which key works. A refusal counts only where some key was accepted.
 */
export function refusalNotes(probes: readonly Probe[], documented: DocumentedFailure): readonly RefusalNote[] {
  const open = new Set(probes.flatMap((each) => (isLetIn(each.trial) ? [each.place] : [])));
  const refusals = probes
    .filter(
      ({ key, place, trial: { outcome } }) =>
        (key === 0 || key === neverIssuedKey) && open.has(place) && (outcome.kind === 'refused' || outcome.kind === 'other'),
    )
    .map(({ check, trial }): Refusal => ({ check, trial, excused: false }));
  return Object.entries(forms).flatMap(([requirement, form]) => {
    const checks = [...grouped(refusals, ({ check }) => check)].flatMap(([name, each]): readonly RefusalNote['checks'][number][] => {
      const check = form(name, each, documented);
      return check?.verdict === 'violates' || check?.verdict === 'noted' ? [{ ...check, verdict: 'noted' }] : [];
    });
    return checks.length === 0 ? [] : [{ requirement: requirement as keyof typeof forms, checks }];
  });
}

export interface RefusalNote {
  readonly requirement: keyof typeof forms;
  readonly checks: readonly Extract<Check, { expected: string }>[];
}

/** Compares lists as sets and case-insensitive values as such (RFC 9110 sections 5.6.1, 7.6.1 and 12.5.5). */
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
