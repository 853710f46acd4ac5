/** Whether an answer that differs from the authentication page is as another page of the company has it. */
import type { Response } from '../recording/exchange.ts';
import type { DocumentedFailure } from '../specifications/model.ts';

/** A finding's sentence, where it agrees with such a page; undefined where none is known to say so. */
export function agreeing(
  { status, body }: Response,
  { elsewhere }: DocumentedFailure,
  expected: string,
  actual: string,
): string | undefined {
  const form = elsewhere.find((each) => each.status === status && holds(parsed(body), each.body));
  return form && inWords(expected, actual, form.page);
}

export const inWords = (expected: string, actual: string, page: string): string =>
  `expected ${expected}, got ${actual}: it differs from the authentication page and agrees with ${page}`;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value has all these members, whatever others it has; any value where there are none. */
function holds(value: unknown, members: Readonly<Record<string, unknown>>): boolean {
  const object = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
  return Object.entries(members).every(([name, wanted]) =>
    typeof wanted === 'object' && wanted !== null ? holds(object[name], wanted as typeof members) : object[name] === wanted,
  );
}
