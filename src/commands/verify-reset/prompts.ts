/** Asks a person for what is not configured: the products, the old key, the new key. Keys are not shown while they are typed. */
import { intro, isCancel, log, multiselect, note, password } from '@clack/prompts';
import { keyProblem } from '../../configuration/configuration.ts';
import { Secret } from '../../keys/secret.ts';
import { loadProducts } from '../../specifications/load.ts';
import { ofProduct, type ProductId, productIds } from '../../specifications/model.ts';
import { isCommon } from '../usage.ts';
import { isDocumented, loginPagesOf, placeToLogIn } from './login-pages.ts';

export interface Answers {
  readonly products: readonly ProductId[];
  readonly oldKey: Secret | undefined;
  readonly newKey: Secret;
}

export interface Known {
  /** The base URL of each configured product; undefined for the documented one. */
  readonly products: Readonly<Record<ProductId, string | undefined>>;
  readonly oldKey: Secret | undefined;
  readonly newKey: Secret | undefined;
  /** A watch was left here. To continue it, the key must not be reset again. */
  readonly isLeft: boolean;
}

/** Of the documented ActiveProspect ID. */
const accountPage = 'https://account.activeprospect.com/account';

/** Undefined where the person has left. */
export async function askForKeys({ products, oldKey, newKey, isLeft }: Known): Promise<Answers | undefined> {
  // What is typed while a program is busy is shown by the terminal: what takes time is done before a key is asked for.
  loadProducts();
  intro('Has every product switched to your new API key?');
  const named = Object.keys(products) as ProductId[];
  const chosen = named.length > 0 ? named : await whichProducts();
  if (chosen === undefined) return undefined;
  const old = oldKey ?? (await typed('Old key, from before the reset (leave empty if you no longer have it)', { optional: true }));
  if (old === 'left') return undefined;
  note(whatToDo(chosen, { products, newKey, isLeft }), 'What to do', { format: (line) => line });
  const fresh = newKey ?? (await typed('New key', { other: old }));
  if (fresh === 'left' || fresh === undefined) return undefined;
  return { products: chosen, oldKey: old, newKey: fresh };
}

async function whichProducts(): Promise<readonly ProductId[] | undefined> {
  const specs = loadProducts();
  const options = Object.values(specs).map(({ id, title, server }) => ({ value: id, label: title, hint: server }));
  const answer = await multiselect({
    message: 'Which products does your account use? (space selects, Enter confirms)',
    options,
    initialValues: [...productIds],
    required: true,
  });
  return isCancel(answer) ? undefined : answer;
}

function whatToDo(chosen: readonly ProductId[], { products, newKey, isLeft }: Omit<Known, 'oldKey'>): string {
  const specs = loadProducts();
  const page = chosen.every((id) => isDocumented(products[id], ofProduct(specs, id).server)) ? accountPage : "your host's account settings";
  const pages = loginPagesOf(products);
  const getKey = isLeft
    ? ['You have been here before. If this is the same reset, do not reset the key again: enter the same new key below.']
    : [`Reset the key (${page}) and copy the new one.`, 'Enter the new key below.'];
  const steps = [...(newKey === undefined ? getKey : []), 'Log in to each product. It accepts the new key only from then on:'];
  const places = chosen.map((id) => `   - ${placeToLogIn(ofProduct(specs, id).title, pages[id])}`);
  return [...steps.map((step, index) => (steps.length === 1 ? step : `${index + 1}. ${step}`)), ...places].join('\n');
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
      if (text === '') return optional ? undefined : 'Enter the new key.';
      if (other?.equals(new Secret(text))) return 'This is the old key. A reset gives a new one: copy it from the account settings.';
      const problem = keyProblem(text);
      if (problem !== undefined) return `The key ${problem}`;
      return isCommon(new Secret(text)) ? 'Every report contains this text, so it cannot be your key. Check what you pasted.' : undefined;
    },
  });
  if (isCancel(answer)) return 'left';
  const text = (answer ?? '').trim();
  if (text !== (answer ?? '')) log.warn('Leading and trailing spaces were removed.');
  return text === '' ? undefined : new Secret(text);
}
