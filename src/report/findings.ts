/** Findings that say the same are told once, with all the places where they were made. */
import { grouped } from '../grouped.ts';
import type { ProductId } from '../specifications/model.ts';
import { type Found, foundIn } from './fold.ts';
import type { Conformance, Finding, Run } from './model.ts';

export interface FindingGroup {
  /** More than one where nobody can tell about several for the same reason. */
  readonly requirements: readonly [string, ...string[]];
  /** One of them; what it says holds for all but product and check. */
  readonly finding: Finding;
  /** Empty for what belongs to the account. */
  readonly products: readonly ProductId[];
  /** Names of the checks, each once, in the order in which they were found. */
  readonly checks: readonly string[];
  /** How many checks came to it, requirements and products taken together. */
  readonly count: number;
}

/** All findings with one of these verdicts, in the page's order. */
export function groupsOf(run: Run, { requirements }: Conformance, verdicts: readonly Finding['verdict'][]): FindingGroup[] {
  const groups = requirements.flatMap((requirement) => {
    const found = foundIn(requirement, run).filter(({ finding }) => verdicts.includes(finding.verdict));
    return [...grouped(found, ({ finding }) => saying(finding)).values()].map((equal) => groupOf(requirement.id, equal));
  });
  return [...grouped(groups, reason).values()].map(merged);
}

const groupOf = (requirement: string, equal: readonly [Found, ...Found[]]): FindingGroup => ({
  requirements: [requirement],
  finding: equal[0].finding,
  products: unique(equal.flatMap(({ finding }) => finding.product ?? [])),
  checks: unique(equal.flatMap(({ checks }) => checks)),
  count: equal.reduce((sum, { checks }) => sum + checks.length, 0),
});

/** What a finding says, whichever check and product made it. */
const saying = ({ verdict, cause, expected, actual, message, known }: Finding): string =>
  JSON.stringify([verdict, cause, expected, actual, message, known]);

/** A host that does not answer leaves every requirement open: that is one thing to be told, not twenty. */
const reason = ({ requirements, finding, products }: FindingGroup): string =>
  saying(finding) + (finding.verdict === 'inconclusive' ? products : requirements).join();

function merged(groups: readonly [FindingGroup, ...FindingGroup[]]): FindingGroup {
  const [first, ...others] = groups;
  return {
    ...first,
    requirements: [first.requirements[0], ...others.flatMap(({ requirements }) => requirements)],
    checks: unique(groups.flatMap(({ checks }) => checks)),
    count: groups.reduce((sum, group) => sum + group.count, 0),
  };
}

export const unique = <Each>(list: readonly Each[]): Each[] => [...new Set(list)];

/** What a finding's sentence adds to what was expected and what came, which stand above it; undefined where it adds nothing. */
export function addedBy({ expected, actual, message }: Finding): string | undefined {
  const composed = `expected ${expected}, got ${actual}`;
  if (expected === undefined || actual === undefined || !message.startsWith(composed)) return message;
  return message.slice(composed.length).replace(/^[:;] /, '') || undefined;
}
