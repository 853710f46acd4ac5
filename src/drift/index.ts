// Has the published page changed since the requirements were written? Reads a page, and holds it against what they rest on.
export { compare, type Drift, hasDrifted, type SectionDrift } from './compare.ts';
export { type PageSection, readPage } from './page.ts';
export { fingerprintOf, type Passage } from './passages.ts';
export type { Difference, Held } from './samples.ts';
export { getSource, PageError, type Source } from './source.ts';
export { type Rewording, rewordings } from './words.ts';
