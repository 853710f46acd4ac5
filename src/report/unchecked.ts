/** A product that the user named but that no required check looked at. Such a run must not be green. */
import { inconclusive, type Judgement, type Result } from '../judge/check.ts';
import type { RequirementId } from '../judge/judges.ts';
import { type Documentation, type ProductId, productIds } from '../specifications/model.ts';
import { urlVariable } from '../specifications/variables.ts';
import { inOrder } from './fold.ts';
import type { Run } from './model.ts';

/** The requirement that reports it. */
const reportedBy: RequirementId = 'auth-required';
/** Called without credentials, so it says nothing about authentication. */
const needsNoKey: RequirementId = 'public-call';

/**
 * The run, in which `auth-required` is inconclusive (`no-check`) on each such product. What `--project` or `--grep` left out has no result
 * and does not count, nor does what belongs to the account. A part of a run (`--shard`) knows too little for this; the merged run knows all.
 */
export function withUncheckedProducts(run: Run, { sections }: Documentation): Run {
  if (run.target.kind === 'embedded') return run;
  const required = new Set(
    sections.flatMap(({ requirements }) => requirements.flatMap(({ id, level }) => (level === 'required' ? [id] : []))),
  );
  required.delete(needsNoKey);
  const found = productIds.flatMap((product): Result[] => {
    const judged = run.results.filter((each) => each.product === product && required.has(each.requirement));
    const needs = judged.flatMap(({ judgement }) => (judgement.kind === 'not-run' ? [judgement.needs] : []));
    if (needs.length === 0 || judged.some(({ judgement }) => judgement.kind === 'checked')) return [];
    return [{ requirement: reportedBy, product, judgement: unchecked(product, mostNamed(needs)) }];
  });
  const isReplaced = ({ requirement, product }: Result): boolean =>
    requirement === reportedBy && found.some((each) => each.product === product);
  return found.length === 0 ? run : { ...run, results: inOrder([...run.results.filter((each) => !isReplaced(each)), ...found]) };
}

function unchecked(product: ProductId, need: string): Judgement {
  const message = `No required check could be made on ${product}. It needs ${need}. Set it, or leave out ${urlVariable(product)}.`;
  return { kind: 'checked', checks: [inconclusive('a required check', [], 'no-check', message)] };
}

/** What most of the requirements need; the others may need more. */
function mostNamed(needs: readonly string[]): string {
  const times = (need: string): number => needs.filter((each) => each === need).length;
  return [...needs].sort((one, other) => times(other) - times(one))[0] ?? '';
}
