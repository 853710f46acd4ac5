/**
 * Defines fingerprints. The page's text is not kept here: a sentence is recognized by twelve characters of the SHA-256 of its normal form,
 * and a sample (a block of code) by those of the whole block. The normal form keeps only the wording:
 *
 * 1. quotes become straight, dashes become hyphens, backticks are removed;
 * 2. compatible characters are unified (Unicode NFKC: no-break spaces, ligatures, the ellipsis), invisible ones are removed;
 * 3. white space, including line breaks, becomes one space, and is removed at both ends.
 *
 * Entities, emphasis, links and other markup are removed before that, when the page is parsed (page.ts).
 */
import { createHash } from 'node:crypto';

export interface Passage {
  readonly kind: 'sentence' | 'sample';
  readonly fingerprint: string;
  /** The page's text without markup. Untrusted. */
  readonly text: string;
}

const normalForm = (text: string): string =>
  text
    .replaceAll(/[\u2018\u2019\u201a\u201b\u2032\u00b4]/g, "'")
    .replaceAll(/[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]/g, '"')
    .replaceAll(/[\u2010-\u2015\u2212]/g, '-')
    .replaceAll('`', '')
    .normalize('NFKC')
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/\s+/g, ' ')
    .trim();

/** The same for texts that differ only in white space and typography. */
export const fingerprintOf = (text: string): string => createHash('sha256').update(normalForm(text)).digest('hex').slice(0, 12);

/** A sentence ends with a period, question mark or exclamation mark, followed by a space and a character that can begin a sentence. */
const boundary = /(?<=[.!?]["')\]]?)(?<!\b(?:e\.g|i\.e|etc|vs)\.) (?=["'([]?[\p{Lu}\p{N}-])/u;

/** In their order. */
export const sentencesIn = (prose: string): readonly Passage[] =>
  normalForm(prose)
    .split(boundary)
    .filter((text) => text !== '')
    .map((text) => ({ kind: 'sentence', fingerprint: fingerprintOf(text), text }));

/** A block of code; it is compared as a whole. */
export const sample = (code: string): Passage => ({ kind: 'sample', fingerprint: fingerprintOf(code), text: code.trim() });

/** Headings are compared without letter case and without punctuation, such as the anchor signs of a site. */
export const titleKey = (title: string): string =>
  normalForm(title)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
