/** The variables that name hosts, for messages. */
import { productIds } from '../specifications/model.ts';
import { urlVariable } from '../specifications/variables.ts';

const [first = '', ...others] = productIds.map(urlVariable);

/** How the documented host of the first product is named: `…_URL=live`. */
export const liveExample = `${first}=live`;

/** `(likewise …_URL, …_URL)`, with a blank before it, for a sentence about the first. `last` stands before the last one. */
export function likewise(last: ', ' | ' and '): string {
  const [end, ...before] = [...others].reverse();
  if (end === undefined) return '';
  return ` (likewise ${before.length === 0 ? end : `${before.reverse().join(', ')}${last}${end}`})`;
}
