/** How `npm run drift` reads a page: what counts as text, where a sentence ends, and what a sample contains. */
import { compare } from '../src/drift/compare.ts';
import { fingerprintOf } from '../src/drift/passages.ts';
import { rewordings } from '../src/drift/rewordings.ts';
import { nextOf } from '../src/drift/source.ts';
import { call, documentation, held, markdown, read } from './drift-page.ts';
import { expect, test } from './test.ts';

const textsIn = (text: string, format: 'markdown' | 'html') =>
  read(text, format).flatMap(({ passages }) => passages.map((each) => each.text));

test.describe('the same fingerprint', () => {
  for (const [name, one, other] of [
    ['quotes', `"it's"`, '\u201cit\u2019s\u201d'],
    ['dashes', 'a - b -c', 'a \u2013 b \u2212c'],
    ['a long dash', 'a - b', 'a \u2014 b'],
    ['backticks', 'the -u option', 'the `-u` option'],
    ['an ellipsis', 'and so on...', 'and so on\u2026'],
    ['a ligature', 'find', '\ufb01nd'],
    ['a no-break space', 'a b', 'a\u00a0b'],
    ['line breaks', 'a b c', '\ta\r\nb\n\n c '],
    ['a soft hyphen', 'example', 'exam\u00adple'],
    ['a zero-width mark', 'example', 'exam\u200bple\ufeff'],
  ] as const)
    test(`regardless of ${name}`, () => expect(fingerprintOf(other)).toBe(fingerprintOf(one)));

  test('is of the normalized wording: twelve digits of its SHA-256', () => expect(fingerprintOf(' a\tb ')).toBe('c8687a08aa5d'));
  test('but not regardless of letters', () => {
    for (const other of ['Key', 'keys', 'k ey', 'k\u00e9y', 'key.', '']) expect(fingerprintOf(other)).not.toBe(fingerprintOf('key'));
  });
});

test.describe('a sentence', () => {
  for (const [name, prose, sentences] of [
    ['ends before a capital', 'One. Two! Three? Four.', ['One.', 'Two!', 'Three?', 'Four.']],
    ['does not end before a small letter', 'One or a.b. two.', ['One or a.b. two.']],
    ['does not end in an abbreviation', 'Words, e.g. Tea, i.e. Leaves vs. Dust. So.', ['Words, e.g. Tea, i.e. Leaves vs. Dust.', 'So.']],
    ['may end in a quote and begin with one', 'He said "no." "Yes," she said.', ['He said "no."', '"Yes," she said.']],
    ['continues over a hard break', 'one  \ntwo\\\nthree.', ['one two three.']],
    ['ends with its paragraph, list item or quote', 'One\n\n- two\n- three\n\n> four', ['One', 'two', 'three', 'four']],
  ] as const)
    test(name, () => expect(textsIn(`# Tea\n\n${prose}`, 'markdown')).toEqual(sentences));

  for (const [name, body, sentences] of [
    ['continues over a line break', '<p>one<br>two<br/>three.</p>', ['one two three.']],
    ['continues through emphasis', '<p>o<b>n</b>e <a href="/x">two</a><code>three</code></p>', ['one twothree']],
    [
      'ends with its element',
      '<p>One<p>two<ul><li>three<li>four</ul><table><td>five<td>six</table>',
      ['One', 'two', 'three', 'four', 'five', 'six'],
    ],
  ] as const)
    test(`of HTML ${name}`, () => expect(textsIn(`<h1>Tea</h1>${body}`, 'html')).toEqual(sentences));
});

test.describe('not part of the text', () => {
  const page = (between: string) => `<!doctype html><main><h1>Tea</h1><p>One.</p>${between}<h2>How to ask</h2><p>Two.</p></main>`;
  for (const tag of ['nav', 'aside', 'header', 'footer', 'form', 'button', 'script', 'style', 'noscript', 'template', 'svg', 'dialog'])
    test(`is <${tag}>`, () => expect(textsIn(page(`<${tag}>Not this.</${tag}>`), 'html')).toEqual(['One.', 'Two.']));
  for (const attribute of ['hidden', 'aria-hidden="true"'])
    test(`is an element with ${attribute}`, () => expect(textsIn(page(`<p ${attribute}>Not this.</p>`), 'html')).toEqual(['One.', 'Two.']));
  test('is content outside the sections', () =>
    expect(textsIn(`<p>Before.</p><div>${page('')}</div><p>After.</p>`, 'html')).toEqual(['One.', 'Two.']));
  test('is a button in a sample or a link to a heading', () => {
    const sections = read('<h1><a aria-hidden="true">Link</a>Tea</h1><pre><button>Copy</button>x  y</pre>', 'html');
    expect(sections.map(({ title, passages }) => [title, passages[0]?.text])).toEqual([['Tea', 'x  y']]);
  });
  test('is anything that looks like an element in Markdown', () =>
    expect(textsIn('# Tea\n\nOne <b>big</b> <!-- no --> cup.\n\n<p>Two <i>cups</i>.</p>', 'markdown')).toEqual([
      'One big cup.',
      'Two cups.',
    ]));
});

test.describe('a curl call', () => {
  const differencesOf = (code: string) => compare(read(markdown.replace(call, code)), documentation, held).differences;
  const says = (code: string) => differencesOf(code).map(({ what, shown }) => `${what}: ${shown}`);
  for (const [name, code] of [
    ['with the URL first', "curl https://tea.test/pots -u Nobody -H 'Accept: text/x'"],
    ['with options joined to their values', 'curl -XGET -uNobody:k -HAccept:text/x https://tea.test/pots'],
    ['with irrelevant options and long names', "curl -s --user 'Nobody:k:l' --header 'Accept: text/x' --url https://tea.test/pots"],
    ['piped into another program', "curl -uNobody:k -H 'Accept: text/x' https://tea.test/pots | jq -u Other"],
    ['before another', "curl -uNobody:k -H 'Accept: text/x' https://tea.test/pots; curl -uOther https://tea.test"],
    ['followed by a comment', "% curl -uNobody:k -H 'Accept: text/x' https://tea.test/pots # -u Other"],
  ] as const)
    test(`is the same ${name}`, () => expect(says(code)).toEqual([]));
  test('that sends data is a POST', () =>
    expect(says("curl -d 1 -uNobody:k -H 'Accept: text/x' https://tea.test/pots")).toEqual(['method: POST']));
  test('may have an empty username', () => expect(says("curl -u :k -H 'Accept: text/x' https://tea.test/pots")).toEqual(['username: ']));
  test('whose URL has a query is different', () =>
    expect(says("curl -uNobody:k -H 'Accept: text/x' https://tea.test/pots?x=1")).toEqual(['address: https://tea.test/pots?x=1']));
});

test('a sentence is a rewording of at most one other', () => {
  const before = read('# Tea\n\nTea is hot and sweet. Tea is hot and bitter.');
  expect(rewordings(before, read('# Tea\n\nTea is hot and black.'))).toHaveLength(1);
});

test.describe('a redirect', () => {
  const next = (from: string, location: string) => nextOf(new URL(from), location, 'The page').href;
  for (const [from, location, to] of [
    ['https://tea.test/a/b', 'c', 'https://tea.test/a/c'],
    ['http://tea.test/', 'https://tea.test/', 'https://tea.test/'],
    ['http://127.0.0.1:1/', 'http://localhost:2/', 'http://localhost:2/'],
  ] as const)
    test(`leads from ${from} to ${to}`, () => expect(next(from, location)).toBe(to));
  for (const [from, location] of [
    ['https://tea.test/', 'http://tea.test/'],
    ['https://tea.test/', 'http://127.0.0.1:8080/'],
    ['http://127.0.0.1:1/', 'http://tea.test/'],
    ['https://tea.test/', 'data:text/html,Tea'],
  ] as const)
    test(`leads from ${from} not to ${location}`, () => expect(() => next(from, location)).toThrow('only https is followed'));
});
