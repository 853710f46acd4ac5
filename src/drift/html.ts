/** Finds the text of the page in an HTML document, and what the site has put around it. */
import type { Element, Nodes, Root } from 'hast';

/** Menus, buttons, scripts: never part of the text. */
const around = new Set(
  'aside button datalist dialog footer form head header iframe input nav noscript object script select style svg template textarea'.split(
    ' ',
  ),
);

/** Navigation, scripts and the like: not what the page says. */
export const isAround = ({ tagName, properties }: Element): boolean =>
  around.has(tagName) || properties.hidden === true || properties.ariaHidden === 'true';

/** `h1` to `h6`. */
export const isHeading = ({ tagName }: Element): boolean => /^h[1-6]$/.test(tagName);

interface Place {
  /** The smallest element that contains all known headings. */
  readonly root: Root | Element;
  /** The ancestors of known headings. They are read whatever their names. */
  readonly kept: ReadonlySet<Root | Element>;
}

/** Where the known headings stand; the whole document if there are none. */
export function prosePlace(document: Root, isKnown: (title: string) => boolean): Place {
  const paths: (Root | Element)[][] = [];
  const search = (node: Root | Element, path: (Root | Element)[]): void => {
    const here = [...path, node];
    if (node.type === 'element' && isHeading(node)) {
      if (isKnown(textOf(node))) paths.push(path);
    } else for (const child of node.children) if (child.type === 'element') search(child, here);
  };
  search(document, []);
  const [first = [document]] = paths;
  const shared = first.filter((node, depth) => paths.every((path) => path[depth] === node));
  return { root: shared.at(-1) ?? document, kept: new Set(paths.flat()) };
}

/** The text of a heading, or of code whose lines may be elements. */
export function textOf(node: Nodes): string {
  if (node.type === 'text') return node.value;
  if (node.type !== 'element') return '';
  if (isAround(node)) return '';
  const text = node.children.map(textOf).join('');
  return node.tagName === 'br' || ((node.tagName === 'div' || node.tagName === 'p') && !text.endsWith('\n')) ? `${text}\n` : text;
}
