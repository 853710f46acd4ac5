/** Makes a run, as the reports need it, from recordings and the results of judging them. */
import type { Result } from '../judge/check.ts';
import type { Recorded, RunFacts } from '../recording/har.ts';
import { startOf } from '../recording/reset.ts';
import type { Run } from '../report/model.ts';
import { timelineOf } from '../report/timeline.ts';

export interface RunAbout {
  readonly facts: RunFacts;
  readonly known: Run['known'];
  readonly durationMs: number;
  /** Judged again from an earlier recording. */
  readonly again?: boolean;
}

/** The run that these recordings and results are of, as the reports need it. */
export function runOf(
  recorded: readonly Recorded[],
  results: readonly Result[],
  { facts, known, durationMs, again = false }: RunAbout,
): Run {
  const sum = (of: (facts: Recorded['facts']) => number): number => recorded.reduce((total, each) => total + of(each.facts), 0);
  return {
    command: facts.command,
    name: facts.name,
    seed: facts.seed,
    target: {
      kind: facts.kind,
      products: Object.fromEntries(recorded.map(({ recording, facts: { baseUrl } }) => [recording.first.product, baseUrl])),
    },
    results,
    requests: sum(({ requests }) => requests),
    wrongKeys: sum(({ wrongKeys }) => wrongKeys),
    startedAt: facts.startedAt,
    durationMs,
    configuration: facts.configuration,
    known,
    timelines: recorded.flatMap(({ recording: { reset } }) => (reset && timelineOf(reset)) ?? []),
    ...resetSinceOf(recorded),
    ...(again ? { recorded: { at: facts.startedAt, suite: facts.suite } } : {}),
  };
}

function resetSinceOf(recorded: readonly Recorded[]): Pick<Run, 'resetSince'> {
  const calls = recorded.flatMap(({ recording: { reset }, facts }) => (facts.resetOf === 'account' && reset ? reset.probes : []));
  return calls.length === 0 ? {} : { resetSince: Math.min(...calls.map(startOf)) };
}
