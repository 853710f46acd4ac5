/** Reads `specs/authentication.yaml`: what the page promises. */
import type { Documentation, DocumentedCall, Level, Section, Sentence } from './model.ts';
import type { Problem } from './problem.ts';
import { validated } from './schema.ts';
import { Source } from './source.ts';

interface DocumentationFile {
  readonly page: string;
  readonly sha256: string;
  readonly call: DocumentedCall;
  readonly sections: Readonly<Record<string, SectionFile>>;
}

interface SectionFile {
  readonly link: string;
  readonly sentences?: Readonly<Record<string, Partial<Omit<Sentence, 'fingerprint'>>>>;
  readonly requirements: Readonly<
    Record<string, { readonly level: Level; readonly statement: string; readonly 'rests-on': readonly string[] }>
  >;
}

/** @param file Named in error messages. @throws SpecError with every mistake in the text. */
export function parseDocumentation(text: string, file: string): Documentation {
  const source = new Source(text, file);
  const { page, sha256, call, sections } = validated<DocumentationFile>(source, 'authentication');
  const documentation: Documentation = {
    page,
    sha256,
    call,
    sections: Object.entries(sections).map(([title, section]) => toSection(title, section)),
  };
  const problems = [...duplicateIds(documentation), ...invalidBases(documentation), ...unaccounted(documentation)];
  if (problems.length > 0) throw source.error(problems);
  return documentation;
}

const toSection = (title: string, { link, sentences = {}, requirements }: SectionFile): Section => ({
  title,
  link,
  sentences: Object.entries(sentences).map(([fingerprint, sentence]) => ({ fingerprint, requirements: [], ...sentence })),
  requirements: Object.entries(requirements).map(([id, { level, statement, 'rests-on': restsOn }]) => ({
    id,
    section: title,
    level,
    statement,
    restsOn,
  })),
});

/** Finds ids that occur in two sections. YAML itself rejects an id that occurs twice in one section. */
function duplicateIds({ sections }: Documentation): Problem[] {
  const all = sections.flatMap((section) => section.requirements);
  return all
    .filter(({ id }, index) => all.findIndex((each) => each.id === id) < index)
    .map(({ id, section }) => ({ path: ['sections', section, 'requirements'], key: id, text: `duplicate id "${id}"` }));
}

function invalidBases({ sections }: Documentation): Problem[] {
  const headings = sections.map((section) => section.title);
  return sections.flatMap(({ title, requirements }) =>
    requirements.flatMap(({ id, restsOn }) =>
      restsOn
        .map((basis, index) => ({ basis, path: ['sections', title, 'requirements', id, 'rests-on', index] }))
        .filter(({ basis }) => !headings.includes(basis) && !/^RFC \d+ section \d+(\.\d+)*$/.test(basis))
        .map(({ basis, path }) => ({ path, text: `expected a heading of the page or an RFC and its section, got "${basis}"` })),
    ),
  );
}

/**
 * `rests-on` and `sentences` must agree. Each sentence is the basis of a requirement or says why it is not. Standards may have no sentence as
 * their basis.
 */
function unaccounted({ sections }: Documentation): Problem[] {
  const all = sections.flatMap((section) => section.requirements);
  const ofSentences = sections.flatMap(({ title, sentences }) =>
    sentences.flatMap(({ fingerprint, requirements, unchecked }): Problem[] => {
      const path = ['sections', title, 'sentences', fingerprint];
      const strangers = requirements.filter((id) => !all.find((each) => each.id === id)?.restsOn.includes(title));
      return [
        ...(requirements.length > 0 === (unchecked !== undefined) ? [{ path, text: 'expected either requirements or unchecked' }] : []),
        ...strangers.map((id) => ({ path, text: `no requirement "${id}" rests on ${title}` })),
      ];
    }),
  );
  const ofRequirements = all.flatMap(({ id, section, restsOn }) =>
    sections
      .filter(({ title, sentences }) => restsOn.includes(title) && !sentences.some((each) => each.requirements.includes(id)))
      .map(({ title }) => ({ path: ['sections', section, 'requirements', id, 'rests-on'], text: `no sentence of ${title} lists it` })),
  );
  return [...ofSentences, ...ofRequirements];
}
