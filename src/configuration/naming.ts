/** The variables that name hosts, for messages. */
import { listed } from '../listed.ts';
import { productIds } from '../specifications/model.ts';
import { urlVariable } from '../specifications/variables.ts';

const [first = '', ...others] = productIds.map(urlVariable);

/** How the documented host of the first product is named: `…_URL=live`. */
export const liveExample = `${first}=live`;

/** `(likewise …_URL, …_URL)`, with a blank before it, for a sentence about the first. `last` stands before the last one. */
export function likewise(last: ', ' | ' and '): string {
  return others.length === 0 ? '' : ` (likewise ${last === ', ' ? others.join(last) : listed(others)})`;
}
