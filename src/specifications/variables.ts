/** The names of all variables: the suite's own, and those that each product adds. */
import { productFiles } from './files.ts';

type Kind = 'secret' | 'shown';

const ofTheAccount = { ACTIVEPROSPECT_API_KEY: 'secret', ACTIVEPROSPECT_OLD_API_KEY: 'secret' } as const;
const ofTheRun = {
  RESET_COMMAND: 'secret',
  LOGIN_COMMAND: 'secret',
  REPORTS_DIR: 'shown',
  RUN_NAME: 'shown',
  REQUEST_TIMEOUT_MS: 'shown',
  MAX_REQUESTS_PER_SECOND: 'shown',
  UNSAFE_METHODS: 'shown',
  PLAIN_HTTP_HOSTS: 'shown',
  SEED: 'shown',
} as const;

/** Those that exist whatever the products are. */
export const ownVariables: readonly string[] = Object.keys({ ...ofTheAccount, ...ofTheRun });

/** The variable that names a product's base URL. */
export const urlVariable = (product: string): string => `${product.toUpperCase()}_URL`;

const shown = (names: readonly string[]): Readonly<Record<string, Kind>> => Object.fromEntries(names.map((name) => [name, 'shown']));

/** All, in the order in which they are listed. `secret` ones are never shown, and never passed to a process that does not need them. */
export const variables: Readonly<Record<string, Kind>> = {
  ...ofTheAccount,
  ...shown(productFiles().map(({ id }) => urlVariable(id))),
  ...shown(productFiles().flatMap((each) => each.variables)),
  // Last, so that a file that takes one of these names by mistake does not make a secret public.
  ...ofTheRun,
  ...ofTheAccount,
};
