/** `npm run drift`: what counts as drift, how it is reported, and where a page comes from. Pages and documentation are written for the proof. */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { report } from '../src/commands/drift/report.ts';
import { compare, hasDrifted } from '../src/drift/compare.ts';
import { rewordings } from '../src/drift/rewordings.ts';
import { getSource } from '../src/drift/source.ts';
import { loadDocumentation } from '../src/specifications/load.ts';
import { root } from './command.ts';
import { documentation, held, html, markdown, read } from './drift-page.ts';
import { expect, test } from './test.ts';

const found = (text: string, format: 'markdown' | 'html' = 'markdown') => compare(read(text, format), documentation, held);
const changed = (from: string, to: string) => {
  expect(markdown).toContain(from);
  return found(markdown.replace(from, to));
};
const told = (drifted: ReturnType<typeof found>, words: ReturnType<typeof rewordings> | undefined = undefined) =>
  report({ drift: drifted, documentation, place: 'tea.md', rewordings: words });

test.describe('no drift', () => {
  test('in the page itself', () => expect(found(markdown)).toMatchObject({ known: 6, found: 6, sections: [], differences: [] }));
  test('in the page as a site shows it', () => expect(found(html, 'html')).toMatchObject({ found: 6, sections: [], differences: [] }));
  for (const [name, from, to] of [
    ['in other line breaks', 'Warm water is free.', 'Warm\nwater  is\nfree.'],
    ['in curly quotes', '"lid" isn\'t', '\u201clid\u201d isn\u2019t'],
    ['in emphasis', 'Warm water', '**Warm** _water_'],
    ['in an entity', 'drink & run', 'drink &amp; run'],
    ['in a link', '[tea](https://tea.test)', '<a href="/x">tea</a>'],
    ['in a heading\u2019s capitals', '## How to Ask', '### HOW TO ASK'],
    ['above the page', 'Not a part of the page.', 'Other offers. And more.'],
  ] as const)
    test(name, () => expect(hasDrifted(changed(from, to)), told(changed(from, to))).toBe(false));

  test('in sentences that only moved', () => {
    const moved = markdown.replace('Nobody has to drink & run.\n', '').replace('Warm water', 'Nobody has to drink & run. Warm water');
    expect(hasDrifted(found(moved))).toBe(false);
  });
});

test.describe('drift', () => {
  test('is a reworded sentence: its requirements and the new wording are shown', () => {
    const text = told(changed('water is free', 'water is dear'));
    expect(text).toContain('Changed: 1 of 6 sentences and samples is gone, and 1 is new.');
    expect(text).toMatch(
      /Tea\n {2}gone {2}[0-9a-f]{12}, the basis of:\n {8}auth-required: Water `costs` nothing\.\n {2}new {3}[0-9a-f]{12} Warm water is dear\./,
    );
    expect(text).not.toContain('How to ask');
  });

  test('is a sentence without requirements, shown with the reason', () =>
    expect(told(changed('drink & run', 'drink'))).toContain('on which no requirement is based. Advice.'));
  test('is a capital, a digit, a hyphen', () => {
    for (const [from, to] of [
      ['Warm', 'WARM'],
      ['pot 1', 'pot 2'],
      ['drink & run', 'drink-run'],
    ] as const)
      expect(hasDrifted(changed(from, to)), to).toBe(true);
  });
  test('is a new or a missing heading', () => {
    const text = told(changed('## How to Ask', '## How to Beg'));
    expect(text).toContain('How to ask (this heading is gone)');
    expect(text).toContain('How to Beg (this heading is new)');
  });
  test('cannot send control sequences to a terminal', () =>
    expect(told(changed('is free', 'is \u001b[31mfree\u202e'))).toContain('is \\u001b[31mfree'));

  test('is shown word by word if the earlier page is given', () => {
    const now = markdown.replace('water is free', 'milk is dear');
    const words = rewordings(read(markdown), read(now));
    expect(words.map(({ text }) => text)).toEqual(['Warm [-water-]{+milk+} is [-free-]{+dear+}.']);
    expect(told(found(now), words).match(/\[-water-\]/g)).toHaveLength(1);
    expect(rewordings(read(markdown), read(markdown.replace('Warm water is free.', 'Completely else.')))).toEqual([]);
  });
});

test.describe('an edited sample', () => {
  for (const [from, to, says] of [
    ['-uNobody:k', '-uSomebody:k', "documented-call: username, from 'Nobody' to 'Somebody'"],
    ['curl -u', 'curl -X POST -u', "documented-call: method, from 'GET' to 'POST'"],
    ['curl -uNobody:k', 'curl', "documented-call: username, from 'Nobody' to none"],
    ['text/x', 'text/y', "documented-call: header accept, from 'text/x' to 'text/y'"],
    ['tea.test/pots', 'tea.test/cups', "documented-call: address, from 'https://tea.test/pots' to 'https://tea.test/cups'"],
    ['418 Teapot', '403 Teapot', "failure-status: status, from '418' to '403'"],
    ['418 Teapot', '418 Pot', "failure-headers: reason phrase, from 'Teapot' to 'Pot'"],
    ['text/tea', 'text/coffee', "failure-content-type: header content-type, from 'text/tea' to 'text/coffee'"],
    ['X-Pot: "short, stout"\n', '', 'failure-headers: header x-pot, from \'"short, stout"\' to none'],
    ['no coffee', 'no milk', "failure-body: body, from 'no coffee' to 'no milk'"],
  ] as const)
    test(`says: ${says}`, () => {
      const drifted = changed(from, to);
      expect(drifted.differences).toHaveLength(1);
      expect(told(drifted)).toContain(`  ${says}\n`);
    });

  test('is drift even if it means the same, and then no change is listed', () => {
    for (const [from, to] of [
      ['Date: yesterday', 'Date: today'],
      ["curl -uNobody:k -H 'Accept: text/x'", 'curl --header "accept: text/x" --user Nobody:q'],
    ] as const) {
      expect(changed(from, to).differences, to).toEqual([]);
      expect(hasDrifted(changed(from, to))).toBe(true);
    }
  });
  test('is compared with the specifications even if the page has not changed', () =>
    expect(compare(read(markdown), documentation, { ...held, call: { ...held.call, username: 'API' } }).differences).toEqual([
      { requirement: 'documented-call', what: 'username', held: 'API', shown: 'Nobody' },
    ]));
});

test('the suite’s own specifications have a fingerprint and a reason or a promise for each sentence', () => {
  const sentences = loadDocumentation().sections.flatMap((section) => section.sentences);
  expect(sentences).toHaveLength(23);
  for (const { requirements, unchecked } of sentences) expect(requirements.length > 0).toBe(unchecked === undefined);
});

test('their fingerprints have twelve hexadecimal digits each, and none appears twice in a section', () => {
  const text = readFileSync(join(root, 'specs/authentication.yaml'), 'utf8');
  for (const { title, sentences } of loadDocumentation().sections) {
    const fingerprints = sentences.map(({ fingerprint }) => fingerprint);
    expect(fingerprints.filter((each) => !/^[0-9a-f]{12}$/.test(each))).toEqual([]);
    // From the raw text, because a YAML parser might keep only the last of two equal keys.
    const written = text.split(/\n {2}(?=\S.*:\n)/).find((each) => each.startsWith(`${title}:`)) ?? '';
    expect([...written.matchAll(/^ {6}([0-9a-f]{12}):/gm)].map(([, key]) => key)).toEqual(fingerprints);
    expect(new Set(fingerprints).size).toBe(fingerprints.length);
  }
});

test.describe('from the web', () => {
  const to = (place: string) => (response: ServerResponse) => response.writeHead(302, { Location: place }).end();
  const answers: Readonly<Record<string, (response: ServerResponse) => unknown>> = {
    '/page': (response) => response.end(markdown),
    '/shown': (response) => response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html),
    '/moved': to('/page'),
    ...Object.fromEntries([1, 2, 3, 4, 5, 6].map((hop) => [`/hops/${hop}`, to(hop === 1 ? '/page' : `/hops/${hop - 1}`)])),
    '/loop': to('/loop'),
    '/plain': to('http://tea.test/page'),
    '/file': to('file:///etc/hostname'),
    '/nowhere': to('http://['),
    '/large': (response) => response.end(`<!doctype html>${'a'.repeat(5 * 2 ** 20)}`),
    '/silent': () => undefined,
    '/slow': (response) => response.write('# Tea'),
    '/broken': (response) => response.writeHead(500).end('no'),
    '/endless': (response) => {
      const more = (): void => {
        while (!response.destroyed && response.write('a'.repeat(2 ** 16)));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    },
  };
  let address = '';
  const server = createServer((request, response) => answers[request.url ?? '']?.(response));
  test.beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  test.afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  test('the page is read according to its type, and redirects are followed', async () => {
    expect(await getSource(`${address}/page`)).toEqual({ text: markdown, format: 'markdown' });
    expect(await getSource(`${address}/moved`)).toEqual({ text: markdown, format: 'markdown' });
    expect(await getSource(`${address}/hops/5`)).toEqual({ text: markdown, format: 'markdown' });
    expect(await getSource(`${address}/shown`)).toEqual({ text: html, format: 'html' });
  });
  for (const [path, says] of [
    ['/loop', 'it redirects more than 5 times'],
    ['/hops/6', 'it redirects more than 5 times'],
    ['/plain', 'it redirects to http://tea.test, but only https is followed'],
    ['/file', 'only https is followed'],
    ['/nowhere', 'it redirects to an invalid URL'],
    ['/broken', 'could not be fetched: got 500'],
    ['/endless', 'larger than 5 MiB'],
    ['/large', 'larger than 5 MiB'],
  ] as const)
    test(`${path} is not a page: ${says}`, async () => expect(getSource(address + path)).rejects.toThrow(says));
  for (const path of ['/silent', '/slow'])
    test(`${path} is not a page: timeout`, async () =>
      expect(getSource(address + path, 300)).rejects.toThrow('no complete answer within 0.3 s'));
  test('a port without a server is not a page', async () =>
    expect(getSource('http://127.0.0.1:9')).rejects.toThrow('could not be fetched'));
});
