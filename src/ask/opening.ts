/** The message before the first request: what is tested, how much will be sent, and what cannot be undone. */
import type { Asking } from './asking.ts';
import type { Estimate } from './estimate.ts';

/** In lines, with a blank one at the end. */
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
  const time = seconds === undefined ? '' : `, in about ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`}`;
  return [
    ...warnings.map((each) => `Warning: ${each}`),
    `Testing ${target}.`,
    `About ${count(requests)} requests, ${count(wrongKeys)} of them with wrong keys${time}. Seed ${seed}.`,
    ...(resets.length === 0
      ? []
      : [
          `At the end, RESET_COMMAND resets the key of this account and LOGIN_COMMAND logs in to ${resets.join(', ')}. After that, the key in ACTIVEPROSPECT_API_KEY no longer works.`,
        ]),
    '',
  ].join('\n');
}

const count = (number: number): string => number.toLocaleString('en');
