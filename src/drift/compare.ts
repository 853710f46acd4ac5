/** Compares a page with the sentences and samples from which the requirements were written. */
import type { Documentation, Section, Sentence } from '../specifications/model.ts';
import type { PageSection } from './page.ts';
import type { Passage } from './passages.ts';
import { type Difference, differencesIn, type Held } from './samples.ts';

export interface SectionDrift {
  readonly title: string;
  /** Whether the heading is still on the page, was removed, or was added. */
  readonly heading: 'kept' | 'gone' | 'new';
  readonly gone: readonly Sentence[];
  readonly added: readonly Passage[];
}

export interface Drift {
  /** The number of sentences and samples that the requirements know, and how many of them are on the page. */
  readonly known: number;
  readonly found: number;
  /** Only sections that have changed: known ones in the requirements' order, then new ones. */
  readonly sections: readonly SectionDrift[];
  readonly differences: readonly Difference[];
}

/** Whether there is anything for a person to look at. */
export const hasDrifted = ({ sections, differences }: Drift): boolean => sections.length > 0 || differences.length > 0;

/** Sentences are looked up on the whole page: a sentence that has only moved is not drift. */
export function compare(page: readonly PageSection[], documentation: Documentation, held: Held): Drift {
  const known = documentation.sections.flatMap(({ sentences }) => sentences);
  const present = new Set(page.flatMap(({ passages }) => passages.map(({ fingerprint }) => fingerprint)));
  const wanted = new Set(known.map(({ fingerprint }) => fingerprint));
  const gone = known.filter(({ fingerprint }) => !present.has(fingerprint));
  const addedIn = (title: string): readonly Passage[] =>
    page.filter((each) => each.title === title).flatMap(({ passages }) => passages.filter(({ fingerprint }) => !wanted.has(fingerprint)));

  const headings = page.map(({ title }) => title);
  const onPage = documentation.sections.filter(({ sentences }) => sentences.length > 0);
  const own = onPage.map(({ title, sentences }): SectionDrift => {
    const heading = headings.includes(title) ? 'kept' : 'gone';
    return { title, heading, gone: sentences.filter((each) => gone.includes(each)), added: addedIn(title) };
  });
  const others = [...new Set(headings)]
    .filter((title) => !onPage.some((section: Section) => section.title === title))
    .map((title): SectionDrift => ({ title, heading: 'new', gone: [], added: addedIn(title) }));
  return {
    known: known.length,
    found: known.length - gone.length,
    sections: [...own, ...others].filter((each) => each.heading !== 'kept' || each.gone.length > 0 || each.added.length > 0),
    differences: differencesOn(page, held),
  };
}

/** Compares the first call and the first answer on the page. A missing sample is reported like a missing sentence. */
function differencesOn(page: readonly PageSection[], held: Held): readonly Difference[] {
  const samples = page.flatMap(({ passages }) => passages.filter(({ kind }) => kind === 'sample'));
  const isCall = ({ text }: Passage): boolean => /^\s*([$>%#]\s+)?curl\s/.test(text);
  const isAnswer = ({ text }: Passage): boolean => /^\s*HTTP\//.test(text);
  return [samples.find(isCall), samples.find(isAnswer)].flatMap((each) => (each && differencesIn(each.text, held)) ?? []);
}
