/** Asks a person for what is not configured: the products, the old key, the new key. Keys are not shown while they are typed. */
import { intro, isCancel, log, multiselect, note, password } from '@clack/prompts';
import { keyProblem } from '../../configuration/configuration.ts';
import { Secret } from '../../keys/secret.ts';
import { loadProducts } from '../../specifications/load.ts';
import { type ProductId, productIds } from '../../specifications/model.ts';

export interface Answers {
  readonly products: readonly ProductId[];
  readonly oldKey: Secret | undefined;
  readonly newKey: Secret;
}

export interface Known {
  /** Products by their base URL, as far as they are configured. */
  readonly products: Readonly<Partial<Record<ProductId, string>>>;
  readonly oldKey: Secret | undefined;
  readonly newKey: Secret | undefined;
}

/** Of the documented ActiveProspect ID. */
const accountPage = 'https://account.activeprospect.com/account';

/** Undefined where the person has left. */
export async function askForKeys({ products, oldKey, newKey }: Known): Promise<Answers | undefined> {
  intro('Did the reset of your API key take?');
  const named = Object.keys(products) as ProductId[];
  const chosen = named.length > 0 ? named : await whichProducts();
  if (chosen === undefined) return undefined;
  const old = oldKey ?? (await typed('The old key, from before the reset (leave empty where you no longer have it)', { optional: true }));
  if (old === 'left') return undefined;
  note(whatToDo(chosen, products), 'What to do');
  const fresh = newKey ?? (await typed('The new key', { other: old }));
  if (fresh === 'left' || fresh === undefined) return undefined;
  return { products: chosen, oldKey: old, newKey: fresh };
}

async function whichProducts(): Promise<readonly ProductId[] | undefined> {
  const specs = loadProducts();
  const options = productIds.map((value) => ({ value, label: specs[value].title, hint: specs[value].server }));
  const answer = await multiselect({
    message: 'Which products does the account use?',
    options,
    initialValues: [...productIds],
    required: true,
  });
  return isCancel(answer) ? undefined : answer;
}

function whatToDo(chosen: readonly ProductId[], products: Known['products']): string {
  const specs = loadProducts();
  const isDocumented = (id: ProductId): boolean =>
    products[id] === undefined || new URL(products[id]).origin === new URL(specs[id].server).origin;
  const page = chosen.every(isDocumented) ? accountPage : 'the account settings of your host';
  return [
    `1. Reset the key at ${page}, and copy the new one.`,
    '2. Enter it here. From then on each product is looked at.',
    `3. Log in to ${chosen.map((id) => specs[id].title).join(', ')}: a product takes the new key when you do.`,
  ].join('\n');
}

interface Wanted {
  readonly optional?: boolean;
  /** A key that it must not be. */
  readonly other?: Secret | undefined;
}

async function typed(message: string, { optional = false, other }: Wanted): Promise<Secret | undefined | 'left'> {
  const answer = await password({
    message,
    validate: (value = '') => {
      const text = value.trim();
      if (text === '') return optional ? undefined : 'It is needed: nothing can be looked at without it.';
      if (other?.equals(new Secret(text))) return 'That is the old key: a reset gives another one. Copy the new one from the account page.';
      const problem = keyProblem(text);
      return problem === undefined ? undefined : `It ${problem}`;
    },
  });
  if (isCancel(answer)) return 'left';
  const text = (answer ?? '').trim();
  if (text !== (answer ?? '')) log.warn('There was a blank at the beginning or the end: it was left out.');
  return text === '' ? undefined : new Secret(text);
}
