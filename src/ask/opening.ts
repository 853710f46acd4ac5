/** What is said before the first request: what is tested, how much is about to be sent, and what cannot be undone. */
import type { Asking } from './asking.ts';
import type { Estimate } from './estimate.ts';

export function opening(
  { kind, products, seed }: Pick<Asking, 'kind' | 'products' | 'seed'>,
  estimate: Estimate,
  warnings: readonly string[],
): string {
  const { requests, wrongKeys, seconds, resets } = estimate;
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

const count = (number: number): string => number.toLocaleString('en');
