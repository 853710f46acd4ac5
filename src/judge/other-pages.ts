/** Whether an answer that differs from the authentication page matches another public page of the company. */
import type { Response } from '../recording/exchange.ts';
import type { DocumentedFailure } from '../specifications/model.ts';

/** The message of a finding that matches another page; undefined if no known page matches. */
export function agreeing(
  { status, body }: Response,
  { elsewhere }: DocumentedFailure,
  expected: string,
  actual: string,
): string | undefined {
  const form = elsewhere.find((each) => each.status === status && holds(parsed(body), each.body));
  return form && inWords(expected, actual, form.page);
}

/** A difference that another page of the documentation explains. */
export const inWords = (expected: string, actual: string, page: string): string =>
  `expected ${expected}, got ${actual}: this differs from the authentication page but matches ${page}`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value has all these members; it may have others. With no members, every value matches. */
function holds(value: unknown, members: Readonly<Record<string, unknown>>): boolean {
  const object = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  return Object.entries(members).every(([name, wanted]) =>
    typeof wanted === 'object' && wanted !== null ? holds(object[name], wanted as typeof members) : object[name] === wanted,
  );
}
