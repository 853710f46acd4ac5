/**
 * What a fingerprint is of. The page's text is not kept here; a sentence is known again by twelve characters of the SHA-256 of its
 * normal form, and a sample (a block of code) by that of the whole block. The normal form is what is left when only the wording counts:
 *
 * 1. quotes are straight, dashes are hyphens, backticks are gone;
 * 2. compatible characters are one (Unicode NFKC: no-break spaces, ligatures, the ellipsis), unseen ones are gone;
 * 3. white space, line breaks among it, is one blank, and none at the ends.
 *
 * Entities, emphasis, links and other markup are gone before that: a page is parsed first (page.ts).
 */
import { createHash } from 'node:crypto';

export interface Passage {
  readonly kind: 'sentence' | 'sample';
  readonly fingerprint: string;
  /** As the page has it, markup aside. Untrusted. */
  readonly text: string;
}

export const normalForm = (text: string): string =>
  text
    .replaceAll(/[\u2018\u2019\u201a\u201b\u2032\u00b4]/g, "'")
    .replaceAll(/[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]/g, '"')
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll('`', '')
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

export const fingerprintOf = (text: string): string => createHash('sha256').update(normalForm(text)).digest('hex').slice(0, 12);

/** A sentence ends with a full stop, a question mark or an exclamation mark before a blank and a character that can begin one. */
const boundary = /(?<=[.!?]["')\]]?)(?<!\b(?:e\.g|i\.e|etc|vs)\.) (?=["'([]?[\p{Lu}\p{N}-])/u;

export const sentencesIn = (prose: string): readonly Passage[] =>
  normalForm(prose)
    .split(boundary)
    .filter((text) => text !== '')
    .map((text) => ({ kind: 'sentence', fingerprint: fingerprintOf(text), text }));

export const sample = (code: string): Passage => ({ kind: 'sample', fingerprint: fingerprintOf(code), text: code.trim() });

/** Headings are the same whatever their capitals and the marks that a site puts beside them. */
export const titleKey = (title: string): string =>
  normalForm(title)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
