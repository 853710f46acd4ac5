/**
 * The second history: what must be refused. It comes after what must be accepted, because wrong keys may lock the account out. It is sent in
 * blocks of at most nine calls, each block between two calls with the right key: a refusal counts only if both were accepted.
 */
import { type AcceptedHistory, longestFair } from '../recording/accepted.ts';
import type { Cause } from '../recording/causes.ts';
import { isSteady } from '../recording/intermittent.ts';
import type { Trial } from '../recording/outcome.ts';
import type { Attempt, RefusedHistory } from '../recording/refused.ts';
import { isUnstable } from './accepted.ts';
import type { AskOptions } from './asker.ts';
import type { Call } from './call.ts';
import { conditional } from './conditional.ts';
import { basic, named, word } from './credentials.ts';
import { acceptedUsernames, followUps, type Planned, planned } from './planned.ts';
import { blockSize, mostCalls } from './remaining.ts';
import { type InBlocks, plannedSpellings, respelled } from './spellings.ts';
import { callTo, type Subject } from './subject.ts';

/** Undefined where a refusal would prove nothing: no call was accepted every time, or the product was given up before. */
export async function refused(subject: Subject, first: AcceptedHistory): Promise<RefusedHistory | undefined> {
  const control = subject.spec.operations.find((each) => each.id === first.control?.operation);
  if (control === undefined || !isSteady(first)) return undefined;
  const { asker, keys } = subject;
  const rightKey = callTo(subject, control, basic(word(first.control?.username ?? 'API'), named('key', keys.key), keys.key));
  const attempts: Attempt[] = [];
  const controls = [...(await controlled(subject, rightKey))];

  // Once the product is unstable for certain, whatever the remaining answers, pausing and repeating calls would only waste minutes.
  let isCertainlyUnstable = false;
  const inBlocks: InBlocks = async (plan, askBlock) => {
    for (let start = 0; start < plan.length; start += blockSize) {
      if (asker.givenUp !== undefined) return plan.length - start;
      await askBlock(plan.slice(start, start + blockSize), start);
      controls.push(...(await controlled(subject, rightKey)));
    }
    return 0;
  };
  const spellings = plannedSpellings(subject, control);
  const askAll = (plan: readonly Planned[]): Promise<number> =>
    inBlocks(plan, async (some, start) => {
      const { askedAgain, calls } = asker.tally;
      isCertainlyUnstable ||= isUnstable({ askedAgain, calls: calls + mostCalls(plan, start, spellings) });
      const block = controls.length - 1;
      const asked = some
        .flatMap((each) => conditional(each, attempts))
        .map(
          async (each): Promise<Attempt> => attemptOf(each, await askOne(subject, each, rightKey, { hasty: isCertainlyUnstable }), block),
        );
      attempts.push(...(await Promise.all(asked)));
    });
  const plan = planned(subject, control, acceptedUsernames(subject, first), first.control?.username);
  const unasked = await askAll(plan);
  if (unasked === 0) await askAll(followUps(attempts, subject));
  const spelled = unasked === 0 ? await respelled(subject, control, first, inBlocks) : { asked: [], unasked: 0 };
  return {
    product: subject.spec.id,
    attempts,
    controls,
    spellings: spelled.asked,
    unaskedSpellings: spelled.unasked,
    givenUp: asker.givenUp,
    unasked,
    unstable: !isThrottledOrLocked(asker.givenUp) && (isCertainlyUnstable || isUnstable(asker.tally)),
  };
}

/** Such a host has said why its answers change, so it is not unstable. */
const isThrottledOrLocked = (cause: Cause | undefined): boolean => cause === 'throttled' || cause === 'locked-out';

/**
 * A control: the right key. If it is not accepted, it is sent again, and the second answer opens the next block. If it is refused twice in a
 * row, the wrong keys have locked the account out. After any other two failures, the refusals next to it would not count, so the product is
 * given up.
 */
async function controlled({ asker }: Subject, rightKey: Call): Promise<readonly Trial[]> {
  const trial = await asker.ask(rightKey);
  if (trial.outcome.kind === 'accepted' || trial.outcome.kind === 'unasked') return [trial];
  const again = await asker.ask(rightKey);
  const wasRefused = trial.outcome.kind === 'refused';
  if (again.outcome.kind === 'accepted')
    return [wasRefused ? { ...trial, outcome: { kind: 'unusable', cause: 'unstable' } } : trial, again];
  if (wasRefused && again.outcome.kind === 'refused') asker.giveUp('locked-out');
  else asker.giveUp('cause' in again.outcome ? again.outcome.cause : 'no-control');
  return [trial, again];
}

async function askOne(subject: Subject, planned: Planned, rightKey: Call, how: AskOptions): Promise<Trial> {
  const { asker } = subject;
  const { operation, credentials, headers } = planned;
  const call: Call = {
    ...callTo(subject, operation, credentials, planned.head ? 'HEAD' : operation.method),
    ...(headers === undefined ? {} : { headers }),
  };
  if (planned.on === undefined) return asker.ask(call, how);
  const pinned = asker.pinned();
  if (planned.on === 'used connection') await pinned.ask(rightKey);
  // Ahead of all waiting calls: otherwise the connection might be closed to make room for them.
  const trial = await pinned.ask(call, { ...how, next: true });
  pinned.closeIdle();
  return trial;
}

const attemptOf = (
  { operation: _operation, credentials, on: _on, headers: _headers, ifNoneMatch: _ifNoneMatch, ...rest }: Planned,
  trial: Trial,
  block: number,
): Attempt => ({
  ...rest,
  // Four base64 characters encode three bytes.
  oversize: ((credentials.header?.length ?? 0) * 3) / 4 > longestFair,
  trial,
  block,
});
