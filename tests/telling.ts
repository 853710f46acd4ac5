/** What the process that asks tells the command that started it, and what it prints where no command did. */

import type { Estimate } from '../src/ask/estimate.ts';
import type { Result } from '../src/judge/check.ts';
import type { Selected } from '../src/judge/judges.ts';
import { count } from '../src/report/headline.ts';
import type { Timeline } from '../src/report/timeline.ts';
import type { ProductId } from '../src/specifications/model.ts';

/** Before the first request. */
export interface Opening {
  readonly kind: 'embedded' | 'own';
  readonly products: Readonly<Partial<Record<ProductId, string>>>;
  readonly seed: number;
  readonly settings: readonly (readonly [string, string])[];
  readonly warnings: readonly string[];
}

/** After the last. */
export interface Ending {
  readonly requests: number;
  readonly wrongKeys: number;
  readonly durationMs: number;
  readonly timelines: readonly Timeline[];
  /** The key of the user's own account is another one than before. */
  readonly keyChanged: boolean;
}

export type Message =
  | ({ readonly type: 'opened' } & Opening)
  | { readonly type: 'selected'; readonly selected: readonly Selected[]; readonly estimate: Estimate }
  /** Keys that the embedded host has made, for the command to mask and to search for. The channel is this process's and its parent's alone. */
  | { readonly type: 'keys'; readonly keys: readonly string[] }
  | ({ readonly type: 'result' } & Result)
  | { readonly type: 'progress'; readonly requests: number }
  | ({ readonly type: 'ended' } & Ending);

/** To the command, where there is one. */
export function tell(message: Message): void {
  if (isCommanded()) process.send?.(message);
}

export const isCommanded = (): boolean => process.env.CONFORMANCE_COMMAND === '1' && process.send !== undefined;

type Announced = Opening & { readonly begin: (selected: readonly Selected[]) => Estimate };
let announced: Announced | undefined;

/** Called by the global setup, before tests are selected. */
export function announce(what: Announced): void {
  announced = what;
  const { begin: _, ...opening } = what;
  tell({ type: 'opened', ...opening });
}

/** Called by the reporter, when tests have been selected: what they need is asked at once, while the workers start. */
export function beginWith(selected: readonly Selected[]): void {
  if (announced === undefined) return;
  const estimate = announced.begin(selected);
  tell({ type: 'selected', selected, estimate });
  if (!isCommanded()) console.log(opening(announced, estimate));
}

/** What is tested and how much is about to be sent. */
export function opening({ kind, products, seed, warnings }: Opening, { requests, wrongKeys, seconds, resets }: Estimate): string {
  const target =
    kind === 'embedded'
      ? 'the embedded host (it says nothing about the real one)'
      : Object.entries(products)
          .map(([id, url]) => `${id} at ${url}`)
          .join(', ');
  const time = seconds === undefined ? '' : `, in some ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`}`;
  return [
    ...warnings.map((each) => `Warning: ${each}`),
    `Testing ${target}.`,
    `About ${count(requests)} requests, ${count(wrongKeys)} of them with wrong keys${time}. Seed ${seed}.`,
    ...(resets.length === 0
      ? []
      : [
          `Last, RESET_COMMAND resets the key of this account and LOGIN_COMMAND logs in to ${resets.join(', ')}. The key in ACTIVEPROSPECT_API_KEY is dead after that.`,
        ]),
    '',
  ].join('\n');
}
