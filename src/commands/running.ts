/** What asking a host and judging a recording again have in common: their input, listing the tests, and leaving early. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Configuration } from '../configuration/configuration.ts';
import type { Selected } from '../judge/judges.ts';
import type { Vault } from '../keys/vault.ts';
import type { Earlier } from '../publish/earlier.ts';
import type { Staging } from '../publish/staging.ts';
import type { Run } from '../report/model.ts';
import { type ProductId, productIds } from '../specifications/model.ts';
import { type ExitCode, exitCodes } from './exit.ts';
import { type Interruption, sayInterrupted } from './interruption.ts';
import type { Options } from './options.ts';
import { runPlaywright } from './playwright.ts';
import type { Testing } from './tested.ts';

export interface Running {
  readonly configuration: Configuration;
  readonly options: Options;
  readonly known: Run['known'];
  /** The runs that `--since` names. */
  readonly earlier: Earlier | undefined;
  readonly staging: Staging;
  readonly vault: Vault;
  readonly interrupted: Interruption;
}

/** Those that the user has named; all on the embedded host. */
export const productsOf = ({ products }: Configuration): readonly ProductId[] =>
  products.length === 0 ? productIds : products.map(({ id }) => id);

/** Prints the selected tests as Playwright does, and runs none. */
export async function list(
  selected: readonly Selected[],
  products: readonly ProductId[],
  { staging, vault, interrupted }: Pick<Running, 'staging' | 'vault' | 'interrupted'>,
): Promise<ExitCode> {
  const listing = { selected, products, reporters: [], trace: undefined, recordings: undefined, staging: staging.dir };
  const { exitCode, errors } = await runPlaywright(listing, vault, () => {}).ended;
  process.stderr.write(errors);
  if (interrupted.hasCome()) {
    console.error(sayInterrupted);
    return exitCodes.interrupted;
  }
  return exitCode === 0 ? exitCodes.conforms : exitCodes.failed;
}

/** How long the tests may take to end, in ms. */
const endingMs = 3000;

/**
 * Does not wait for requests that are under way. Waits for the tests: until they have ended, they write to the folder that is removed.
 * `advice`: what the user has to know, in lines.
 */
export async function leave(testing: Testing, staging: Staging, advice: readonly string[] = []): Promise<never> {
  testing.interrupt();
  await Promise.race([Promise.allSettled([testing.ended]), sleep(endingMs)]);
  await staging.discard();
  process.stderr.write([sayInterrupted, ...advice, ''].join('\n'));
  process.exit(exitCodes.interrupted);
}
