/** `npm run conformance` from its options to its exit code, in whichever process. */
import type { AskingOptions } from '../ask/asking.ts';
import { readConfiguration } from '../configuration/configuration.ts';
import { withoutHosts } from '../configuration/environment.ts';
import { readKnownDifferences } from '../known/read.ts';
import { earlierIn } from '../publish/earlier.ts';
import { productIds } from '../specifications/model.ts';
import type { ExitCode } from './exit.ts';
import { readOptions } from './options.ts';
import type { Opened } from './output.ts';
import { list, productsOf } from './running.ts';
import { selectionOf } from './selection.ts';
import { productsIn, refuseEmpty, shardSeed } from './shard.ts';
import { inStaging } from './staged.ts';
import type { startTests } from './tested.ts';
import { refuseCommonKeys, refuseHalfAReset, refuseProjects, refuseProxies, refuseReporters } from './usage.ts';

/** Other ways to do what takes a process or a while. `pauseMs`: of a preflight. */
export interface Ways extends Pick<AskingOptions, 'pauseMs'> {
  /** Starts the judging; by default the tests. */
  readonly start?: typeof startTests;
}

/**
 * What a run needs is loaded where it is wanted, so that help and mistakes do not wait for all that sends and judges.
 * @throws UsageError and whatever else `exitCodeOf` explains.
 */
export async function conform(args: readonly string[], { environment, vault }: Opened, { start, ...pace }: Ways = {}): Promise<ExitCode> {
  const options = readOptions(args);
  const again = options.from === undefined ? options.merge : [options.from];
  const configured = readConfiguration(again.length > 0 ? withoutHosts(environment) : environment);
  const named = productsOf(configured);
  const { shard } = options;
  refuseProjects(options, again.length > 0 ? productIds : named);
  refuseReporters(options);
  const asked = named.filter((each) => options.projects.length === 0 || options.projects.includes(each));
  if (shard !== undefined) refuseEmpty(asked, shard);
  // All shards of a run must send the same.
  const configuration = shard === undefined ? configured : { ...configured, seed: configured.seed ?? shardSeed };
  refuseHalfAReset(configuration, options);
  const known = readKnownDifferences(process.cwd());
  refuseCommonKeys(configuration);
  refuseProxies(configuration);
  if (options.preflight) {
    const { preflight } = require('./preflight') as typeof import('./preflight.ts');
    return preflight(configuration, pace);
  }
  const earlier = options.since === undefined ? undefined : earlierIn(options.since);
  return inStaging(configuration.reportsDir, async (staging, interrupted) => {
    if (again.length > 0) {
      const { judgeAgain } = require('./again') as typeof import('./again.ts');
      return judgeAgain(again, { configuration, options, known, earlier, staging, vault, interrupted }, start);
    }
    // Requirements of the account are judged when the shards are merged.
    const selected = selectionOf(named, shard === undefined ? options : { ...options, projects: productsIn(asked, shard) });
    if (options.list) return list(selected, named, { staging, vault, interrupted });
    const { liveRun } = require('./live-run') as typeof import('./live-run.ts');
    return liveRun({ configuration, options, known, earlier, selected, environment, staging, vault, interrupted }, start);
  });
}
