/** `npm run verify-reset` from its options to its exit code, in whichever process. */
import { type Configuration, readConfiguration } from '../../configuration/configuration.ts';
import { urlVariables } from '../../configuration/naming.ts';
import { UsageError } from '../../configuration/usage.ts';
import { readKnownDifferences } from '../../known/read.ts';
import { listed } from '../../listed.ts';
import { urlVariable } from '../../specifications/variables.ts';
import type { ExitCode } from '../exit.ts';
import type { Opened } from '../output.ts';
import { inStaging } from '../staged.ts';
import { refuseCommonKeys, refuseProxies } from '../usage.ts';
import { left } from './ending.ts';
import { readVerifyResetOptions } from './options.ts';

/**
 * What asks and watches is loaded where it is wanted, so that help and mistakes do not wait for it. At a terminal, a person is asked for
 * what the environment does not say.
 * @throws UsageError and whatever else `exitCodeOf` explains.
 */
export async function verifyReset(args: readonly string[], { environment, vault }: Opened, isTerminal: boolean): Promise<ExitCode> {
  const options = readVerifyResetOptions(args, isTerminal);
  const known = readKnownDifferences(process.cwd());
  const configured = readConfiguration(environment, isTerminal);
  if (configured.kind === 'embedded' && !isTerminal)
    throw new UsageError([`No host is named. Set ${listed(urlVariables, 'or')} to live (the documented host) or to a URL.`]);
  const configuration = isTerminal ? await asked(configured) : configured;
  if (configuration === undefined) return left();
  const foreign = options.loggedIn.filter((id) => !configuration.products.some((each) => each.id === id));
  if (foreign.length > 0)
    throw new UsageError(foreign.map((id) => `--logged-in ${id}: this product is not watched. Set ${urlVariable(id)} as well.`));
  refuseCommonKeys(configuration);
  refuseProxies(configuration);
  const { key: newKey, oldKey, reportsDir } = configuration;
  for (const each of [newKey, oldKey]) if (each !== undefined) vault.add(each);
  if (newKey === undefined) throw new UsageError(['ACTIVEPROSPECT_API_KEY is not set. It must hold the new key.']);
  return inStaging(reportsDir, (staging, interrupted) => {
    const { watchedRun } = require('./watched-run') as typeof import('./watched-run.ts');
    const given = { ...options, environment, configuration: { ...configuration, newKey }, known, isTerminal };
    return watchedRun({ ...given, staging, vault, interrupted });
  });
}

async function asked(configuration: Configuration): Promise<Configuration | undefined> {
  const { askForKeys } = require('./prompts') as typeof import('./prompts.ts');
  const { isRemembered } = require('./remembered') as typeof import('./remembered.ts');
  const { products, key, oldKey } = configuration;
  const named = products.map(({ id, base }) => [id, base === 'live' ? undefined : base.href] as const);
  const answers = await askForKeys({ products: Object.fromEntries(named), oldKey, newKey: key, isLeft: isRemembered(process.cwd()) });
  if (answers === undefined) return undefined;
  const chosen = answers.products.map((id) => products.find((each) => each.id === id) ?? { id, base: 'live' as const });
  return { ...configuration, kind: 'own', products: chosen, key: answers.newKey, oldKey: answers.oldKey };
}
