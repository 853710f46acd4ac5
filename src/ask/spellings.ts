/**
 * Other spellings of a resource's path, called without credentials at the end of the second history. An answer that looks like the accepted
 * one may come from an application shell that answers every path, so a made-up sibling of the path is called too.
 */
import type { AcceptedHistory } from '../recording/accepted.ts';
import type { Trial } from '../recording/outcome.ts';
import type { Respelled } from '../recording/refused.ts';
import { acceptedAnswer, looksAccepted } from '../recording/spellings.ts';
import type { Operation } from '../specifications/model.ts';
import { type Call, joined, queryOf, segmentsOf } from './call.ts';
import { spellings } from './cases/spellings.ts';
import { none } from './credentials.ts';
import { callTo, type Subject, takesRightKey } from './subject.ts';

/** Sends a plan in blocks between controls. Resolves to how many entries were left when the product was given up. */
export type InBlocks = <Each>(
  plan: readonly Each[],
  askBlock: (some: readonly Each[], start: number) => Promise<unknown>,
) => Promise<number>;

interface Planned extends Pick<Respelled, 'spelling' | 'resource'> {
  readonly call: Call & { readonly path: string };
  /** The paths of made-up siblings. */
  readonly siblings: readonly string[];
}

/** Asks for other spellings of paths without credentials, in blocks between controls, and for made-up siblings of those that were served. */
export async function respelled(
  subject: Subject,
  control: Operation,
  first: AcceptedHistory,
  inBlocks: InBlocks,
): Promise<{ readonly asked: readonly Respelled[]; readonly unasked: number }> {
  const { asker } = subject;
  const plan = operationsIn(subject, control)
    .filter(({ id }) => acceptedAnswer(first, id) !== undefined)
    .flatMap((each) => spellingsOf(each, subject));

  const trials = new Map<Planned, Trial>();
  const unanswered = new Set<string>();
  const unasked = await inBlocks(plan, (some) =>
    Promise.all(
      some
        .filter(({ spelling }) => !unanswered.has(spelling))
        .map(async (each) => {
          const trial = await asker.once(each.call);
          trials.set(each, trial);
          // Waiting for a timeout on every resource would take too long.
          if ('cause' in trial.outcome && trial.outcome.cause === 'timeout') unanswered.add(each.spelling);
        }),
    ),
  );

  const isLookedAt = (each: Planned): boolean =>
    trials.get(each)?.exchanges.some((exchange) => looksAccepted(exchange, acceptedAnswer(first, each.resource))) ?? false;
  const siblings = new Map<string, Trial>();
  const places = new Map(plan.filter(isLookedAt).flatMap(({ call, siblings }) => siblings.map((path) => [path, { ...call, path }])));
  await inBlocks([...places], (some) =>
    Promise.all(
      some.map(async ([path, call]) => {
        const trial = await asker.once(call);
        // A host with a temporary problem has not said that it does not know this path.
        const again = trial.outcome.kind === 'unusable' ? await asker.once(call) : undefined;
        siblings.set(path, again === undefined ? trial : { ...again, exchanges: [...trial.exchanges, ...again.exchanges] });
      }),
    ),
  );

  const asked = plan.flatMap((each): Respelled[] => {
    const trial = trials.get(each);
    const { spelling, resource, call } = each;
    const beside = isLookedAt(each) ? each.siblings.flatMap((path) => siblings.get(path) ?? []) : [];
    return trial === undefined ? [] : [{ spelling, resource, path: call.path, trial, siblings: beside }];
  });
  return { asked, unasked };
}

/** The most calls to other spellings, on a host that accepts none of them. */
export const plannedSpellings = (subject: Subject, control: Operation): number =>
  operationsIn(subject, control).flatMap((each) => spellingsOf(each, subject)).length;

/** Resources that are read with the right key; off loopback only the control. */
function operationsIn(subject: Subject, control: Operation): readonly Operation[] {
  const { spec, gentle } = subject;
  return spec.operations.filter(
    (each) => each.method === 'GET' && !each.sideEffects && (each === control || (!gentle && takesRightKey(each, subject))),
  );
}

/** Empty for a path that consists of ids only: a made-up sibling would just be another id. */
function spellingsOf(operation: Operation, subject: Subject): readonly Planned[] {
  const call = callTo(subject, operation, none);
  const [segments, query] = [segmentsOf(call), queryOf(call)];
  const last = segments.findLastIndex(({ text, literal }) => literal && text !== '');
  if (last < 0) return [];
  const suffix = `-${(subject.seed >>> 0).toString(36)}x`;
  const sibling = joined(segments.map((each, at) => (at === last ? { ...each, text: each.text + suffix } : each)));
  const paths = new Set([joined(segments)]);
  return spellings.flatMap(({ name, respell, mistakenFor }): Planned[] => {
    const path = respell(segments);
    if (path === undefined || paths.has(path)) return [];
    paths.add(path);
    const siblings = [sibling, ...(mistakenFor === undefined ? [] : [mistakenFor(segments)])].map((each) => each + query);
    return [{ spelling: name, resource: operation.id, call: { ...call, path: path + query }, siblings }];
  });
}
