/** `specs/authentication.yaml`: what the page promises. */
import type { Level } from '../verdict/index.ts';
import type { Documentation, Section } from './model.ts';
import type { Problem } from './problem.ts';
import { fitting } from './schema.ts';
import { Source } from './source.ts';

interface DocumentationFile {
  readonly page: string;
  readonly sha256: string;
  readonly sections: Readonly<Record<string, SectionFile>>;
}

interface SectionFile {
  readonly link: string;
  readonly requirements: Readonly<
    Record<string, { readonly level: Level; readonly statement: string; readonly 'rests-on': readonly string[] }>
  >;
}

/** `file` is named in the SpecError that is thrown for what is wrong in the text. */
export function parseDocumentation(text: string, file: string): Documentation {
  const source = new Source(text, file);
  const { page, sha256, sections } = fitting<DocumentationFile>(source, 'authentication');
  const documentation: Documentation = {
    page,
    sha256,
    sections: Object.entries(sections).map(([title, section]) => toSection(title, section)),
  };
  const problems = [...standsTwice(documentation), ...restsOnNothing(documentation)];
  if (problems.length > 0) throw source.error(problems);
  return documentation;
}

const toSection = (title: string, { link, requirements }: SectionFile): Section => ({
  title,
  link,
  requirements: Object.entries(requirements).map(([id, { level, statement, 'rests-on': restsOn }]) => ({
    id,
    section: title,
    level,
    statement,
    restsOn,
  })),
});

/** YAML refuses an id that stands twice in a section; across sections it is ours to refuse. */
function standsTwice({ sections }: Documentation): Problem[] {
  const all = sections.flatMap((section) => section.requirements);
  return all
    .filter(({ id }, index) => all.findIndex((each) => each.id === id) < index)
    .map(({ id, section }) => ({ path: ['sections', section, 'requirements'], key: id, text: `duplicate id "${id}"` }));
}

function restsOnNothing({ sections }: Documentation): Problem[] {
  const headings = sections.map((section) => section.title);
  return sections.flatMap(({ title, requirements }) =>
    requirements.flatMap(({ id, restsOn }) =>
      restsOn
        .map((ground, index) => ({ ground, path: ['sections', title, 'requirements', id, 'rests-on', index] }))
        .filter(({ ground }) => !headings.includes(ground) && !/^RFC \d+ section \d+(\.\d+)*$/.test(ground))
        .map(({ ground, path }) => ({ path, text: `expected a heading of the page or an RFC and its section, came "${ground}"` })),
    ),
  );
}
