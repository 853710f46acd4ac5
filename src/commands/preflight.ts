/** `npm run conformance -- --preflight`: is the configuration right? Tries each product's calls in turn until one is accepted, and judges nothing. */

import { findControl } from '../ask/accepted.ts';
import { type AskingOptions, openAsking } from '../ask/asking.ts';
import { isPlaceholder, missingIds, type Subject } from '../ask/subject.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { causeMessage, causeOf, got } from '../judge/messages.ts';
import { listed } from '../listed.ts';
import { takesOldKey } from '../recording/accepted.ts';
import { type ExitCode, exitCodes } from './exit.ts';
import { likelyReasons } from './refusal.ts';

/** One call per product until one is accepted. Judges nothing and writes no report; 0 if every product accepts the key, else 3. */
export async function preflight(configuration: Configuration, options: Pick<AskingOptions, 'pauseMs'> = {}): Promise<ExitCode> {
  const asking = await openAsking(configuration, options);
  if (asking.kind === 'embedded') console.log('No host is named, so this asks the embedded host. That says nothing about a real one.');
  const found = await Promise.all(asking.subjects.map(async (subject) => ({ subject, ...(await findControl(subject)) })));
  await asking.close();
  for (const each of found) {
    const { subject, control, search } = each;
    const { id } = subject.spec;
    const at = asking.products[id];
    const last = search.find(({ trial }) => trial.outcome.kind === 'refused') ?? search.at(-1);
    if (control !== undefined) console.log(`${id} at ${at} accepts the key (${control.operation.id}).`);
    else if (last === undefined || (isPlaceholder(last.operation, subject) && last.trial.outcome.kind === 'other'))
      console.log(`${id} at ${at}: no documented call can be made without an id of the account.${toSet(subject)}`);
    else if (last.trial.outcome.kind === 'refused') {
      console.log(`${id} at ${at} refuses the key: ${last.operation.id} was answered ${got(last.trial)}.`);
      for (const reason of likelyReasons(configuration, id, last.trial.exchanges.at(-1), {
        elsewhere: found.some((other) => other.control !== undefined),
        oldKeyTaken: takesOldKey(each),
      }))
        console.log(`  - ${reason}`);
    } else console.log(`${id} at ${at}: ${causeMessage(causeOf(last.trial.outcome), last.trial)}`);
  }
  return found.every(({ control }) => control !== undefined) ? exitCodes.conforms : exitCodes.inconclusive;
}

function toSet(subject: Subject): string {
  const names = missingIds(subject).map(({ variable }) => variable);
  return names.length === 0 ? '' : ` Set ${listed(names)}.`;
}
