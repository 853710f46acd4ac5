/** Messages from the reporter of the tests to the command that started them. */
import type { Result } from '../judge/check.ts';
import type { Selected } from '../judge/judges.ts';

export type Message =
  | { readonly type: 'selected'; readonly selected: readonly Selected[] }
  | ({ readonly type: 'result' } & Result)
  /** A test that ended without a result, which is a bug of ours. */
  | ({ readonly type: 'failed'; readonly message: string } & Selected);
