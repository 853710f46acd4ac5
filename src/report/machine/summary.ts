/** A run in Markdown, for a pull request or the summary of a CI job. */
import { causeAnchor } from '../../recording/causes.ts';
import { type Documentation, type ProductId, productIds } from '../../specifications/model.ts';
import type { ChangesInWords } from '../changes.ts';
import { addedBy, type FindingGroup, groupsOf, placeOf, promiseOf } from '../findings.ts';
import { amounts, counting, headline, notSelected, recordedNote, verdictWords } from '../headline.ts';
import type { Conformance, Run } from '../model.ts';
import { namesOf, notRunIn } from '../not-run.ts';
import { isKnownOn, isOfAccount, verdictOn } from '../places.ts';
import { shortened, visible } from '../visible.ts';

/** How many groups of findings are shown; the rest are counted. */
const groupsShown = 20;
const valueLimit = 300;

/** The text of `summary.md`. What a host has sent is escaped, so that it stays text. */
export function summary(run: Run, conformance: Conformance, documentation: Documentation, changes?: ChangesInWords): string {
  const groups = [...groupsOf(run, conformance, ['violates']), ...groupsOf(run, conformance, ['inconclusive'])];
  const { durationMs, seed, startedAt } = conformance;
  const note = recordedNote(run);
  return [
    `## ${text(headline(conformance))}`,
    '',
    ...[run.name, note].flatMap((line) => (line === undefined ? [] : [text(line), ''])),
    ...(changes === undefined ? [] : [text(changes.title), '', ...changes.items.map((each) => `- ${text(each)}`), '']),
    ...groups.slice(0, groupsShown).flatMap((group, index) => finding(group, groups[index - 1], documentation)),
    ...(groups.length > groupsShown ? [`And ${groups.length - groupsShown} more: see the report.`, ''] : []),
    ...table(conformance, documentation),
    '',
    ...notRunIn(run, conformance).map((each) => `- ${text(each.reason)}: ${text(namesOf(each, conformance))}`),
    '',
    `${amounts(conformance)}, in ${(durationMs / 1000).toFixed(1)} s, begun ${startedAt}. Seed ${seed}.`,
    '',
  ].join('\n');
}

function table({ requirements, target }: Conformance, { sections }: Documentation): string[] {
  const products = productIds.filter((id) => target.products[id] !== undefined);
  const entries = new Map(requirements.map((each) => [each.id, each]));
  const cell = (id: string, product: ProductId): string => {
    const entry = entries.get(id);
    const place = entry !== undefined && isOfAccount(entry) ? 'account' : product;
    const verdict = entry && verdictOn(entry, place);
    const known = entry !== undefined && isKnownOn(entry, place) ? ' (known)' : '';
    return verdict === undefined ? '' : `${verdictWords[verdict].symbol} ${verdictWords[verdict].word}${known}`;
  };
  const rows = sections.flatMap(({ requirements: promised }) =>
    promised
      .filter(({ id }) => entries.get(id)?.needs !== notSelected)
      .map(({ id }) => `| \`${id}\` | ${products.map((product) => cell(id, product)).join(' | ')} |`),
  );
  return [`| requirement | ${products.join(' | ')} |`, `|---|${products.map(() => '---|').join('')}`, ...rows];
}

function finding(group: FindingGroup, before: FindingGroup | undefined, documentation: Documentation): string[] {
  const { requirements, checks, count: number, finding: found } = group;
  const { verdict, cause, expected, actual, known } = found;
  const promise = promiseOf(group, before, documentation);
  const added = addedBy(found);
  const values = [
    ...(expected === undefined || actual === undefined ? [] : [`expected ${code(expected)}`, `got ${code(actual)}`]),
    ...(added === undefined ? [] : [text(added)]),
  ];
  return [
    `**${verdictWords[verdict].symbol} ${requirements.join(', ')}**: ${verdictWords[verdict].word} on ${placeOf(group)} (${counting(number, 'check', 'checks')})${known ? ', a known difference' : ''}`,
    ...(promise === undefined ? [] : [`- promise: ${promise.requirement.statement} ([${promise.section.title}](${promise.section.link}))`]),
    `- checks: ${text(checks.slice(0, 3).join('; '))}${checks.length > 3 ? `; and ${checks.length - 3} more` : ''}`,
    ...values.map((each) => `- ${each}`),
    ...(cause === undefined ? [] : [`- cause: \`${cause}\` (\`${causeAnchor(cause)}\`)`]),
    '',
  ];
}

/** Text of a host stays text: no markup, no mention of a user, no link. */
const text = (value: string): string =>
  visible(shortened(value, valueLimit)).replaceAll(/[\\`*_{}[\]<>()#+!|~@&$]/g, (each) => `\\${each}`);
const code = (value: string): string => {
  const shown = visible(shortened(value, valueLimit));
  const fence = '`'.repeat(Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length)) + 1);
  return `${fence} ${shown} ${fence}`;
};
