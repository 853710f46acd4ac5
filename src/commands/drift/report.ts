/** What `npm run drift` prints: a page that has changed, section by section, and what that touches. */
import { type Drift, hasDrifted, type SectionDrift } from '../../drift/compare.ts';
import type { Passage } from '../../drift/passages.ts';
import type { Rewording } from '../../drift/rewordings.ts';
import { visible } from '../../report/visible.ts';
import type { Documentation, Requirement, Sentence } from '../../specifications/model.ts';

export interface Reported {
  readonly drift: Drift;
  readonly documentation: Documentation;
  /** File or URL of the page. */
  readonly place: string;
  /** Undefined where no earlier page was given. */
  readonly rewordings: readonly Rewording[] | undefined;
}

/** What has changed, for a person to read, or that nothing has. */
export function report({ drift, documentation, place, rewordings }: Reported): string {
  const { found, known, sections, differences } = drift;
  if (!hasDrifted(drift))
    return `Unchanged: all ${known} sentences and samples are as they were when the requirements were written.\n${visible(place)}`;
  const added = sections.reduce((sum, each) => sum + each.added.length, 0);
  const all = documentation.sections.flatMap(({ requirements }) => requirements);
  const goneAnywhere = new Set(sections.flatMap(({ gone }) => gone.map(({ fingerprint }) => fingerprint)));
  return [
    `Changed: ${known - found} of ${known} sentences and samples ${known - found === 1 ? 'is' : 'are'} gone, and ${added} ${added === 1 ? 'is' : 'are'} new.`,
    visible(place),
    ...sections.flatMap((section) => ['', ...ofSection(section, all, rewordings, goneAnywhere)]),
    ...(differences.length === 0 ? [] : ['', 'The samples differ from the specifications:']),
    ...differences.map(({ requirement, what, held, shown }) => `  ${requirement}: ${what}, from ${quoted(held)} to ${quoted(shown)}`),
    '',
    'CONTRIBUTING.md says how to update the requirements.',
  ].join('\n');
}

const quoted = (value: string | undefined): string => (value === undefined ? 'none' : `'${visible(value)}'`);

function ofSection(
  { title, heading, gone, added }: SectionDrift,
  all: readonly Requirement[],
  changes: Reported['rewordings'],
  goneAnywhere: ReadonlySet<string>,
): string[] {
  const name = visible(title === '' ? '(before any heading)' : title);
  const changeOf = (side: 'from' | 'to', fingerprint: string): string[] =>
    (changes ?? []).filter((change) => change[side] === fingerprint).map(({ text }) => `        ${visible(text)}`);
  // A change is shown once: next to what is gone if that is known, otherwise next to what is new.
  const isTold = (fingerprint: string): boolean => (changes ?? []).some(({ from, to }) => to === fingerprint && goneAnywhere.has(from));
  return [
    heading === 'kept' ? name : `${name} (this heading is ${heading})`,
    ...gone.flatMap((sentence) => [...ofGone(sentence, all), ...changeOf('from', sentence.fingerprint)]),
    ...added.flatMap((passage) => [ofAdded(passage), ...(isTold(passage.fingerprint) ? [] : changeOf('to', passage.fingerprint))]),
  ];
}

function ofGone({ fingerprint, requirements, unchecked }: Sentence, all: readonly Requirement[]): string[] {
  if (unchecked !== undefined) return [`  gone  ${fingerprint}, on which no requirement is based. ${unchecked}`];
  return [
    `  gone  ${fingerprint}, the basis of:`,
    ...requirements.map((id) => `        ${id}: ${all.find((each) => each.id === id)?.statement ?? ''}`),
  ];
}

const ofAdded = ({ kind, fingerprint, text }: Passage): string =>
  `  new   ${fingerprint} ${kind === 'sample' ? 'a sample: ' : ''}${visible(text)}`;
