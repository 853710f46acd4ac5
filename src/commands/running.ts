/** What asking a host and judging a recording again have in common: their input, listing the tests, and being interrupted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Configuration } from '../configuration/configuration.ts';
import type { Selected } from '../judge/judges.ts';
import type { Vault } from '../keys/vault.ts';
import type { Earlier } from '../publish/earlier.ts';
import type { Staging } from '../publish/staging.ts';
import type { Run } from '../report/model.ts';
import { type ProductId, productIds } from '../specifications/model.ts';
import { type ExitCode, exitCodes } from './exit.ts';
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
}

export const productsOf = ({ products }: Configuration): readonly ProductId[] =>
  products.length === 0 ? productIds : products.map(({ id }) => id);

export async function list(
  selected: readonly Selected[],
  products: readonly ProductId[],
  staging: Staging,
  vault: Vault,
): Promise<ExitCode> {
  const listing = { selected, products, reporters: [], trace: undefined, recordings: undefined, staging: staging.dir };
  const { exitCode, errors } = await runPlaywright(listing, vault, () => {}).ended;
  process.stderr.write(errors);
  return exitCode === 0 ? exitCodes.conforms : exitCodes.failed;
}

/** Of a terminal (Ctrl-C, and when it is closed) and of a service that ends its jobs. */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  /** Resolves at the first signal. */
  readonly came: Promise<'interrupted'>;
  readonly hasCome: () => boolean;
}

/** From now on a signal ends the run in order. Further ones are ignored, since npm passes on the one that a terminal has sent to all. */
export function interruption(): Interruption {
  let hasCome = false;
  const came = new Promise<'interrupted'>((resolve) => {
    for (const signal of endingSignals)
      process.on(signal, () => {
        hasCome = true;
        resolve('interrupted');
      });
  });
  return { came, hasCome: () => hasCome };
}

export const sayInterrupted = 'Interrupted. The reports of the last complete run are unchanged.';

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
