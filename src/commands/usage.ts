/** Wrong combinations of options and variables that are each valid alone. Rejected before anything is sent. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Configuration } from '../configuration/configuration.ts';
import { UsageError } from '../configuration/usage.ts';
import { proxyFor } from '../http/proxy.ts';
import { occursIn } from '../keys/masker.ts';
import type { Secret } from '../keys/secret.ts';
import { blankReport } from '../report/blank.ts';
import { loadDocumentation, loadProduct } from '../specifications/load.ts';
import { type ProductId, productIds } from '../specifications/model.ts';
import type { Options } from './options.ts';
import { builtInReporters } from './playwright.ts';

/** @throws UsageError for a product that is not tested. */
export function refuseProjects({ projects }: Options, products: readonly ProductId[]): void {
  const known = [...products, 'account'];
  const problems = projects.filter((each) => !known.includes(each)).map((each) => `--project ${each}: not one of ${known.join(', ')}.`);
  if (problems.length > 0) throw new UsageError(problems);
}

/** @throws UsageError for a reporter that Playwright would not find. */
export function refuseReporters({ reporters }: Options): void {
  const isThere = (name: string): boolean => {
    if (name === '') return false;
    if (builtInReporters.includes(name) || existsSync(resolve(name))) return true;
    try {
      require.resolve(name, { paths: [process.cwd()] });
      return true;
    } catch {
      return false;
    }
  };
  const problems = reporters
    .filter((each) => !isThere(each))
    .map((each) => `--reporter ${each === '' ? "''" : each}: neither a file, nor a module, nor one of ${builtInReporters.join(', ')}.`);
  if (problems.length > 0) throw new UsageError(problems);
}

/** @throws UsageError for `--reset` without both commands. */
export function refuseHalfAReset({ kind, commands }: Configuration, { reset }: Options): void {
  if (!reset || kind === 'embedded' || commands !== undefined) return;
  throw new UsageError([
    '--reset needs both RESET_COMMAND, which resets the key and prints the new one, and LOGIN_COMMAND, which logs in to the product named in $PRODUCT.',
  ]);
}

/** @throws UsageError for a proxy variable that is malformed. */
export function refuseProxies({ products }: Configuration): void {
  for (const { id, base } of products) {
    try {
      proxyFor(base === 'live' ? new URL(loadProduct(id).server) : base, process.env);
    } catch (error) {
      throw new UsageError([error instanceof Error ? error.message : 'The proxy cannot be used.']);
    }
  }
}

/** Whether every report contains it. */
export const isCommon = (key: Secret): boolean => occursIn(key, [blankReport(loadDocumentation()), ...productIds].join('\n'));

/** @throws UsageError for a key that occurs in every report, because a leak of it could not be detected. */
export function refuseCommonKeys({ key, oldKey }: Configuration): void {
  const keys = { ACTIVEPROSPECT_API_KEY: key, ACTIVEPROSPECT_OLD_API_KEY: oldKey };
  if (key === undefined && oldKey === undefined) return;
  const common = Object.entries(keys).flatMap(([name, each]) => (each !== undefined && isCommon(each) ? [name] : []));
  if (common.length === 0) return;
  throw new UsageError(
    common.map((name) => `${name} is so common that every report contains it, so the reports cannot be searched for it: use another key.`),
  );
}
