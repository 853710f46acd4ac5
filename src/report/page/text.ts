/**
 * Places for the page's own text, and putting it there. A place is a pair of comments. The text between them is escaped, so it cannot be
 * mistaken for a comment, and the same file can be filled again with another text.
 */
import { called } from '../called.ts';
import { escaped, escapedLines } from './escape.ts';

/** A page as it was read: untrusted text. */
export interface PageText {
  /** Where it was read, as a reader would name it. */
  readonly source: string;
  readonly sections: readonly {
    readonly title: string;
    readonly passages: readonly { readonly kind: 'sentence' | 'sample'; readonly fingerprint: string; readonly text: string }[];
  }[];
}

const between = (name: string, content = ''): string => `<!--${name}-->${content}<!--/${name}-->`;

/** Where `drift` puts the words of a sentence; the suite has none of the page's text. */
export const placeFor = (fingerprint: string): string => `<blockquote>${between(`text ${fingerprint}`)}</blockquote>`;
/** For sentences in this section that no requirement knows; `*` for new headings. */
export const placeForAdded = (title: string): string => between(`added ${encodeURIComponent(title)}`);
export const placeForSource = between(
  'source',
  `The text of the page is not part of the suite, so the promises are given in our own words. <code>${called('drift', ['--page', 'FILE'])}</code> adds the text of the page beside them.`,
);

/** Undefined if this is not a front page of ours. */
export function withText(html: string, { source, sections }: PageText): string | undefined {
  if (!html.includes('<!--source-->')) return undefined;
  const known = new Set([...html.matchAll(/<!--text ([0-9a-f]{12})-->/g)].map(([, fingerprint]) => fingerprint));
  const titles = new Set([...html.matchAll(/<!--added (\S+)-->/g)].map(([, title]) => decodeURIComponent(title ?? '')));
  const passages = sections.flatMap((section) => section.passages);
  const addedIn = (wanted: (title: string) => boolean): string => {
    const added = sections
      .filter(({ title }) => wanted(title))
      .flatMap((section) => section.passages.filter((each) => !known.has(each.fingerprint)));
    return added.length === 0
      ? ''
      : `<div class="added"><h3>On the page, but not covered by a promise</h3>${added.map(markup).join('')}</div>`;
  };
  return html.replaceAll(/<!--(text|added|source)(?: (\S+))?-->.*?<!--\/\1(?: \S+)?-->/gs, (_all, kind: string, name = '') => {
    if (kind === 'source') return between('source', `With the text of ${escaped(source)}.`);
    if (kind === 'added') {
      const title = decodeURIComponent(name);
      return between(`added ${name}`, title === '*' ? addedIn((each) => !titles.has(each)) : addedIn((each) => each === title));
    }
    const passage = passages.find(({ fingerprint }) => fingerprint === name);
    return between(`text ${name}`, passage === undefined ? '<p class="gone">No longer on the page.</p>' : markup(passage));
  });
}

const markup = ({ kind, text }: PageText['sections'][number]['passages'][number]): string =>
  kind === 'sample' ? `<pre tabindex="0">${escapedLines(text)}</pre>` : `<p>${escaped(text)}</p>`;
