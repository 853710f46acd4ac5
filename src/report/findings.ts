/** Groups equal findings, so that each is reported once with all the places where it was made. */
import { grouped } from '../grouped.ts';
import type { Documentation, ProductId, Requirement, Section } from '../specifications/model.ts';
import { type Found, foundIn } from './fold.ts';
import type { Conformance, Finding, Run } from './model.ts';

export interface FindingGroup {
  /** More than one if several could not be determined for the same reason. */
  readonly requirements: readonly [string, ...string[]];
  /** One of the group; the others differ in product and check only. */
  readonly finding: Finding;
  /** Empty for a finding about the account. */
  readonly products: readonly ProductId[];
  /** Names of the checks, each once, in the order of the findings. */
  readonly checks: readonly string[];
  /** How many checks made it, over all requirements and products. */
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

/** Equal for findings that differ in check and product only, and around a reset in times and in how many calls were answered so. */
const saying = ({ verdict, cause, expected, actual, message, known }: Finding): string =>
  JSON.stringify([verdict, cause, expected, actual && untimed(actual), untimed(message), known]);

const untimed = (text: string): string => text.replaceAll(/ \(\d+ of \d+ calls\)|(?<=, )-?\d+ ms(?= after the )/g, '');

/** A host that does not answer leaves every requirement open. That is one finding, not twenty. */
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

/** Where it was found: the products, separated by commas, or the account. `named`: what a product is called. */
export const placeOf = ({ products }: FindingGroup, named: (product: ProductId) => string = (product) => product): string =>
  products.length === 0 ? 'the account' : products.map(named).join(', ');

/** The promise that a group is about. Undefined where it is about several, or where the group before has shown the same one. */
export function promiseOf(
  { requirements }: FindingGroup,
  before: FindingGroup | undefined,
  { sections }: Documentation,
): { readonly section: Section; readonly requirement: Requirement } | undefined {
  if (requirements.length > 1 || before?.requirements.join() === requirements.join()) return undefined;
  return sections
    .flatMap((section) => section.requirements.map((requirement) => ({ section, requirement })))
    .find(({ requirement: { id } }) => id === requirements[0]);
}

const unique = <Each>(list: readonly Each[]): Each[] => [...new Set(list)];

/** What the message adds to expected and actual, which are shown above it; undefined if it adds nothing. */
export function addedBy({ expected, actual, message }: Finding): string | undefined {
  const composed = `expected ${expected}, got ${actual}`;
  if (expected === undefined || actual === undefined || !message.startsWith(composed)) return message;
  return message.slice(composed.length).replace(/^[:;] /, '') || undefined;
}
