/** JUnit XML for CI services: a suite per product, a case per requirement. Inconclusive is an error; known differences are skipped. */
import type { Verdict } from '../../judge/check.ts';
import type { Documentation, ProductId } from '../../specifications/model.ts';
import { recordedNote } from '../headline.ts';
import type { Conformance, Finding, Run } from '../model.ts';
import { escaped, inert } from '../page/escape.ts';
import { isKnownOn, verdictOn } from '../places.ts';
import { shortened, visibleLines } from '../visible.ts';

/** How many findings a case shows; the rest are counted. */
const findingsShown = 20;
const textLimit = 2000;

interface Case {
  readonly section: string;
  readonly id: string;
  readonly verdict: Verdict;
  readonly findings: readonly Finding[];
  readonly needs: string | undefined;
  /** What decides the verdict is a known difference. */
  readonly isKnown: boolean;
}

/** The text of `junit.xml`. */
export function junit(run: Pick<Run, 'recorded'>, conformance: Conformance, documentation: Documentation): string {
  const suites = suitesOf(conformance, documentation);
  const all = suites.flatMap(({ cases }) => cases);
  const note = recordedNote(run);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name=${quoted(conformance.name)} ${counts(all)} time="${(conformance.durationMs / 1000).toFixed(3)}">`,
    ...suites.flatMap(({ name, cases }) => [
      `  <testsuite name=${quoted(name)} ${counts(cases)} timestamp=${quoted(conformance.startedAt)}>`,
      ...(note === undefined ? [] : [`    <properties><property name="recording" value=${quoted(note)}/></properties>`]),
      ...cases.flatMap(caseLines),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function suitesOf({ requirements, target }: Conformance, { sections }: Documentation): { name: string; cases: Case[] }[] {
  const sectionOf = new Map(sections.flatMap(({ title, requirements: promised }) => promised.map(({ id }) => [id, title])));
  const casesOn = (place: ProductId | 'account'): Case[] =>
    requirements.flatMap((entry): Case[] => {
      const { id, needs } = entry;
      const verdict = verdictOn(entry, place);
      const findings = entry.findings.filter(({ product = 'account' }) => product === place);
      return verdict === undefined
        ? []
        : [{ section: sectionOf.get(id) ?? '', id, verdict, findings, needs, isKnown: isKnownOn(entry, place) }];
    });
  return [...(Object.keys(target.products) as ProductId[]), 'account' as const]
    .map((name) => ({ name, cases: casesOn(name) }))
    .filter(({ cases }) => cases.length > 0);
}

function counts(cases: readonly Case[]): string {
  const number = (verdict: Verdict): number => cases.filter((each) => each.verdict === verdict && !each.isKnown).length;
  const skipped = number('not-run') + cases.filter(({ isKnown }) => isKnown).length;
  return `tests="${cases.length}" failures="${number('violates')}" errors="${number('inconclusive')}" skipped="${skipped}"`;
}

function caseLines({ section, id, verdict, findings, needs, isKnown }: Case): string[] {
  const open = `    <testcase classname=${quoted(section)} name=${quoted(id)}`;
  const deciding = findings.filter((finding) => finding.verdict === verdict);
  const text = [
    ...deciding.slice(0, findingsShown).map(({ check, message }) => `${check}: ${message}`),
    ...(deciding.length > findingsShown ? [`and ${deciding.length - findingsShown} more`] : []),
  ].join('\n');
  const first = deciding[0]?.message ?? verdict;
  const element = (name: string, type: string): string[] => [
    `${open}>`,
    `      <${name} type=${quoted(type)} message=${quoted(first)}>${inert(visibleLines(shortened(text, textLimit)))}</${name}>`,
    '    </testcase>',
  ];
  if (isKnown) return [`${open}>`, `      <skipped message=${quoted(`known difference, ${verdict}: ${first}`)}/>`, '    </testcase>'];
  if (verdict === 'violates') return element('failure', 'violates');
  if (verdict === 'inconclusive') return element('error', deciding[0]?.cause ?? 'inconclusive');
  if (verdict === 'not-run') return [`${open}>`, `      <skipped message=${quoted(needs ?? 'not run')}/>`, '    </testcase>'];
  if (verdict === 'noted')
    return [`${open}>`, `      <system-out>${inert(visibleLines(shortened(text, textLimit)))}</system-out>`, '    </testcase>'];
  return [`${open}/>`];
}

const quoted = (text: string): string => `"${escaped(shortened(text, textLimit))}"`;
