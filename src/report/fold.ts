/** Makes the verdicts and findings of a run from the results of the tests. */
import { alike } from '../judge/alike.ts';
import { type Check, type Checked, type Result, type Verdict, verdictOf } from '../judge/check.ts';
import { runVerdict, worst } from '../judge/verdict.ts';
import { type KnownDifference, knownDifferenceFor, type RequirementOutcome } from '../known/known.ts';
import { type Documentation, type ProductId, productIds, type Requirement } from '../specifications/model.ts';
import { notSelected, targetName } from './headline.ts';
import type { Conformance, Finding, Run } from './model.ts';

type Entry = Conformance['requirements'][number];
type Versions = Conformance['versions'];
type Applied = Exclude<Result['judgement'], { kind: 'not-applicable' }>;
type AppliedResult = Omit<Result, 'judgement'> & { readonly judgement: Applied };

/** The run as in `conformance.json`: every requirement in the page's order, also those that were not run. */
export function fold(run: Run, documentation: Documentation, versions: Versions): Conformance {
  const promised = documentation.sections.flatMap((section) => section.requirements);
  const requirements = promised.map((requirement) => entryOf(requirement, run));
  const counted = promised.map((requirement) => ({
    level: requirement.level,
    // Known differences do not count for the verdict.
    verdict: worst(outcomesOf(requirement, run).flatMap((each) => (knownBy(run, each) === undefined ? [each.verdict] : []))),
  }));
  const checks = run.results.flatMap((result) => checksOf(result.judgement));
  const answered = checks.filter((check) => check.verdict !== 'inconclusive').length;
  return {
    verdict: runVerdict(counted, answered),
    name: run.name ?? targetName(run.target),
    seed: run.seed,
    target: run.target,
    requirements,
    checks: checks.length,
    requests: run.requests,
    wrongKeys: run.wrongKeys,
    startedAt: run.startedAt,
    durationMs: run.durationMs,
    documentation: { page: documentation.page, sha256: documentation.sha256 },
    versions,
  };
}

/** The verdict of a requirement on each product, or on the account. */
export const outcomesOf = (
  { id, level }: Pick<Requirement, 'id' | 'level'>,
  { results }: Pick<Run, 'results'>,
): readonly RequirementOutcome[] =>
  results.flatMap(({ requirement, product, judgement }) =>
    requirement !== id || judgement.kind === 'not-applicable' ? [] : [{ requirement, product, verdict: verdictOf(judgement, level) }],
  );

/** The known difference that covers it on the day of the run. */
const knownBy = ({ known, startedAt }: Pick<Run, 'known' | 'startedAt'>, outcome: RequirementOutcome): KnownDifference | undefined =>
  knownDifferenceFor(known, outcome, startedAt.slice(0, 10));

function entryOf({ id, level }: Requirement, run: Run): Entry {
  const mentioned = run.results.filter((result) => result.requirement === id);
  const applied = mentioned.filter((result): result is AppliedResult => result.judgement.kind !== 'not-applicable');
  const products: Record<ProductId, Verdict> = {};
  for (const { product, judgement } of applied) {
    if (product === 'account') continue;
    const verdict = verdictOf(judgement, level);
    products[product] = worst([verdict, ...(products[product] === undefined ? [] : [products[product]])]);
  }
  const needs = needsOf(mentioned.length > 0, applied);
  return {
    id,
    level,
    verdict: worst(applied.map(({ judgement }) => verdictOf(judgement, level))),
    products,
    checks: applied.flatMap(({ judgement }) => checksOf(judgement)).length,
    findings: foundIn({ id, level }, run).map(({ finding }) => finding),
    ...(needs === undefined ? {} : { needs }),
  };
}

/** Why it was not run, by product if only some were left out. Undefined if all were run. */
function needsOf(mentioned: boolean, applied: readonly AppliedResult[]): string | undefined {
  if (!mentioned) return notSelected;
  if (applied.length === 0) return 'a product to which it applies';
  const missing = notRunOf(applied);
  const reasons = [...new Set(missing.map(({ needs }) => needs))];
  if (missing.length === applied.length && reasons.length === 1) return reasons[0];
  const byReason = reasons.map((reason) => {
    const products = missing.filter(({ needs }) => needs === reason).map(({ product }) => product);
    return `${products.join(', ')}: ${reason}`;
  });
  return byReason.length === 0 ? undefined : byReason.join('; ');
}

/** What was not run, and what it needs. */
export const notRunOf = (results: readonly Result[]) =>
  results.flatMap(({ product, judgement }) => (judgement.kind === 'not-run' ? [{ product, needs: judgement.needs }] : []));

const checksOf = (judgement: Result['judgement']): readonly Check[] => (judgement.kind === 'checked' ? judgement.checks : []);

/** A finding with all the checks that made it. */
export interface Found {
  readonly finding: Finding;
  /** Their names, at least one. */
  readonly checks: readonly [string, ...string[]];
}

/** The findings of a requirement by product; equal ones are one finding. */
export const foundIn = ({ id, level }: Pick<Requirement, 'id' | 'level'>, run: Run): readonly Found[] =>
  run.results.flatMap(({ requirement, product, judgement }): Found[] => {
    if (requirement !== id || judgement.kind !== 'checked') return [];
    const where = product === 'account' ? {} : { product };
    const difference = knownBy(run, { requirement, product, verdict: verdictOf(judgement, level) });
    return withoutPlace(judgement).map(({ finding, checks }) => ({
      finding: { ...where, check: inShort(checks), ...finding, known: finding.verdict === difference?.verdict },
      checks,
    }));
  });

/** How many checks are named as examples. */
const examples = 3;

/** The name of the check; for several, how many and some of their names. */
function inShort(names: Found['checks']): string {
  if (names.length === 1) return names[0];
  const more = names.length > examples ? `; and ${names.length - examples} more` : '';
  return `${names.length} checks: ${names.slice(0, examples).join('; ')}${more}`;
}

/** Its place, its check, and whether it is known are added later. */
type Placeless = { readonly finding: Omit<Finding, 'check' | 'known' | 'product'>; readonly checks: Found['checks'] };

function withoutPlace({ checks }: Checked): Placeless[] {
  if (checks.length === 0)
    return [{ checks: ['none'], finding: { verdict: 'inconclusive', cause: 'no-check', message: 'no check was made' } }];
  return alike(checks).flatMap(([first, ...others]): Placeless[] => {
    const names: Found['checks'] = [first.name, ...others.map(({ name }) => name)];
    switch (first.verdict) {
      case 'conforms':
        return [];
      case 'violates':
      case 'noted': {
        const { verdict, expected, actual, message } = first;
        return [{ checks: names, finding: { verdict, expected, actual, message } }];
      }
      case 'inconclusive': {
        const { verdict, cause, message } = first;
        return [{ checks: names, finding: { verdict, cause, message } }];
      }
      default:
        return first satisfies never;
    }
  });
}

/** Results in the usual order of products, whichever was judged first. */
export const inOrder = (results: readonly Result[]): readonly Result[] =>
  [...productIds, 'account' as const].flatMap((product) => results.filter((each) => each.product === product));
