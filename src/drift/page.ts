/** Reads a page, Markdown or HTML, as sections of sentences and samples. What the site puts around the text is left out. */
import type { Nodes as HtmlNode } from 'hast';
import type { Nodes as MarkdownNode } from 'mdast';
import { isAround, isHeading, prosePlace, textOf } from './html.ts';
import { type Passage, sample, sentencesIn, titleKey } from './passages.ts';

export interface PageSection {
  /** The heading, as the requirements spell it if they know it. */
  readonly title: string;
  readonly passages: readonly Passage[];
}

interface Block {
  readonly kind: 'heading' | 'prose' | 'code';
  readonly text: string;
}

/** Loaded on demand: the parsers load slowly and only one command needs them. */
const parsers = () => ({
  unified: (require('unified') as typeof import('unified')).unified,
  markdown: (require('remark-parse') as typeof import('remark-parse')).default,
  html: (require('rehype-parse') as typeof import('rehype-parse')).default,
});

/** @param titles The headings that the requirements know. The page's text begins at the first of them that it has. */
export function readPage(text: string, format: 'markdown' | 'html', titles: readonly string[]): readonly PageSection[] {
  const known = new Map(titles.map((title) => [titleKey(title), title]));
  const isKnown = (title: string): boolean => known.has(titleKey(title));
  const blocks = format === 'html' ? blocksOfHtml(text, isKnown) : blocksOfMarkdown(text);
  const [first] = titles;
  const start = [(title: string) => titleKey(title) === titleKey(first ?? ''), isKnown]
    .map((wanted) => blocks.findIndex(({ kind, text: title }) => kind === 'heading' && wanted(title)))
    .find((index) => index >= 0);
  const sections: { title: string; passages: Passage[] }[] = [];
  for (const { kind, text: content } of blocks.slice(start ?? 0)) {
    if (kind === 'heading') sections.push({ title: known.get(titleKey(content)) ?? content, passages: [] });
    else {
      if (sections.length === 0) sections.push({ title: '', passages: [] });
      sections.at(-1)?.passages.push(...(kind === 'code' ? [sample(content)] : sentencesIn(content)));
    }
  }
  return sections;
}

/** Quotes or lists nested this deeply take the parser minutes, and no real page has them. */
const tooDeep = /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])){100}/m;

/** @throws RangeError if the page is nested too deeply. */
function blocksOfMarkdown(text: string): Block[] {
  if (tooDeep.test(text)) throw new RangeError('nested too deeply');
  const { unified, markdown } = parsers();
  const blocks = (node: MarkdownNode): Block[] => {
    switch (node.type) {
      case 'heading':
        return [{ kind: 'heading', text: wordsOf(node) }];
      case 'paragraph':
        return [{ kind: 'prose', text: wordsOf(node) }];
      case 'code':
        return [{ kind: 'code', text: node.value }];
      case 'html':
        return blocksOfHtml(node.value, () => false);
      default:
        return 'children' in node ? node.children.flatMap(blocks) : [];
    }
  };
  return blocks(unified().use(markdown).parse(text));
}

function wordsOf(node: MarkdownNode): string {
  if (node.type === 'html') return '';
  if (node.type === 'break') return ' ';
  if ('value' in node) return node.value;
  return 'children' in node ? node.children.map(wordsOf).join('') : '';
}

function blocksOfHtml(text: string, isKnown: (title: string) => boolean): Block[] {
  const { unified, html } = parsers();
  const { root, kept } = prosePlace(unified().use(html).parse(text), isKnown);
  const blocks: Block[] = [];
  let line = '';
  const flush = (): void => {
    if (line.trim() !== '') blocks.push({ kind: 'prose', text: line });
    line = '';
  };
  const walk = (node: HtmlNode): void => {
    if (node.type === 'text') line += node.value;
    else if (node.type === 'element' || node.type === 'root') {
      if (node.type === 'element' && isAround(node)) {
        // An ancestor of a known heading is read only for that heading.
        if (kept.has(node))
          node.children.filter((child) => child.type === 'element' && (kept.has(child) || isHeading(child))).forEach(walk);
        return;
      }
      const name = node.type === 'element' ? node.tagName : '';
      if (name === 'br') line += ' ';
      if (name === 'pre' || (node.type === 'element' && isHeading(node))) {
        flush();
        blocks.push({ kind: name === 'pre' ? 'code' : 'heading', text: textOf(node) });
      } else if (inline.has(name)) node.children.forEach(walk);
      else {
        flush();
        node.children.forEach(walk);
        flush();
      }
    }
  };
  walk(root);
  return blocks;
}

/** Elements that do not end a sentence. */
const inline = new Set(
  'a abbr b bdi bdo br cite code data del dfn em font i img ins kbd label mark q s samp small span strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);
