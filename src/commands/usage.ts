/** What is wrong usage although each option and variable by itself is right: refused before anything is sent. */
import type { Configuration } from '../configuration/configuration.ts';
import { UsageError } from '../configuration/usage.ts';
import { proxyFor } from '../http/proxy.ts';
import { occursIn } from '../keys/masker.ts';
import { blankReport } from '../report/blank.ts';
import { loadDocumentation, loadProducts } from '../specifications/load.ts';
import type { ProductId } from '../specifications/model.ts';
import type { Options } from './options.ts';

/** @throws UsageError for a product that is not tested. */
export function refuseProjects({ projects }: Options, products: readonly ProductId[]): void {
  const known = [...products, 'account'];
  const problems = projects.filter((each) => !known.includes(each)).map((each) => `--project ${each}: not one of ${known.join(', ')}.`);
  if (problems.length > 0) throw new UsageError(problems);
}

/** @throws UsageError where a key is to be reset and nobody knows how. */
export function refuseHalfAReset({ kind, commands }: Configuration, { reset }: Options): void {
  if (!reset || kind === 'embedded' || commands !== undefined) return;
  throw new UsageError([
    '--reset needs both RESET_COMMAND, which resets the key and prints the new one, and LOGIN_COMMAND, which logs in to the product named in $PRODUCT.',
  ]);
}

/** @throws UsageError where calls would go through a proxy that is named in a way that cannot be meant. */
export function refuseProxies({ products }: Configuration): void {
  for (const { id, base } of products) {
    try {
      proxyFor(base === 'live' ? new URL(loadProducts()[id].server) : base, process.env);
    } catch (error) {
      throw new UsageError([error instanceof Error ? error.message : 'The proxy cannot be used.']);
    }
  }
}

/** @throws UsageError for a key that every report holds anyway, so that nobody could tell whether it got out. */
export function refuseCommonKeys({ key, oldKey }: Configuration): void {
  const keys = { ACTIVEPROSPECT_API_KEY: key, ACTIVEPROSPECT_OLD_API_KEY: oldKey };
  if (key === undefined && oldKey === undefined) return;
  const blank = blankReport(loadDocumentation());
  const common = Object.entries(keys).flatMap(([name, each]) => (each !== undefined && occursIn(each, blank) ? [name] : []));
  if (common.length === 0) return;
  throw new UsageError(
    common.map(
      (name) =>
        `${name} is so common a text that every report contains it, so reports could not be searched for it: give the mock (or the account) another key.`,
    ),
  );
}
