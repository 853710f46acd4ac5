/** The variables that name hosts, for messages. */
import { productIds } from '../specifications/model.ts';
import { urlVariable } from '../specifications/variables.ts';

export const urlVariables: readonly string[] = productIds.map(urlVariable);

/** How the documented host of the first product is named: `…_URL=live`. */
export const liveExample = `${urlVariables[0]}=live`;
