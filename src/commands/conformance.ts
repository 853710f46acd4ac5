/** `npm run conformance`: every requirement against the target; writes the reports, prints the table, and decides the exit code. */
import '../short-lived.ts';
import { readConfiguration } from '../configuration/configuration.ts';
import { withoutHosts } from '../configuration/environment.ts';
import { readKnownDifferences } from '../known/read.ts';
import { earlierIn } from '../publish/earlier.ts';
import { productIds } from '../specifications/model.ts';
import { type ExitCode, endWith, exitCodes } from './exit.ts';
import { asksForHelp } from './help.ts';
import { help, readOptions } from './options.ts';
import { openEnvironment } from './output.ts';
import { list, productsOf } from './running.ts';
import { selectionOf } from './selection.ts';
import { productsIn, refuseEmpty, shardSeed } from './shard.ts';
import { inStaging } from './staged.ts';
import { refuseCommonKeys, refuseHalfAReset, refuseProjects, refuseProxies, refuseReporters } from './usage.ts';

/** What a run needs is loaded where it is wanted, so that help and mistakes do not wait for all that sends and judges. */
async function main(args: readonly string[]): Promise<ExitCode> {
  if (asksForHelp(args)) {
    console.log(help);
    return exitCodes.conforms;
  }
  const { environment, vault } = openEnvironment();
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
    return preflight(configuration);
  }
  const earlier = options.since === undefined ? undefined : earlierIn(options.since);
  return inStaging(configuration.reportsDir, async (staging, interrupted) => {
    if (again.length > 0) {
      const { judgeAgain } = require('./again') as typeof import('./again.ts');
      return judgeAgain(again, { configuration, options, known, earlier, staging, vault, interrupted });
    }
    // Requirements of the account are judged when the shards are merged.
    const selected = selectionOf(named, shard === undefined ? options : { ...options, projects: productsIn(asked, shard) });
    if (options.list) return list(selected, named, { staging, vault, interrupted });
    const { liveRun } = require('./live-run') as typeof import('./live-run.ts');
    return liveRun({ configuration, options, known, earlier, selected, environment, staging, vault, interrupted });
  });
}

endWith(main(process.argv.slice(2)));
