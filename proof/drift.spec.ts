/** `npm run drift`: what is drift and what is not, what it says of it, and what it refuses. Pages and documentation are the proof's own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, type TestInfo, test } from '@playwright/test';
import { report } from '../src/commands/drift/report.ts';
import { drift } from '../src/commands/drift/run.ts';
import { compare, getSource, hasDrifted, rewordings } from '../src/drift/index.ts';
import { loadDocumentation, loadProducts } from '../src/spec/index.ts';
import { withoutOurs } from '../src/target/environment.ts';
import { root } from './command.ts';
import { documentation, held, html, markdown, read } from './drift-page.ts';

const found = (text: string, format: 'markdown' | 'html' = 'markdown') => compare(read(text, format), documentation, held);
const changed = (from: string, to: string) => {
  expect(markdown).toContain(from);
  return found(markdown.replace(from, to));
};
const told = (drifted: ReturnType<typeof found>, words: ReturnType<typeof rewordings> | undefined = undefined) =>
  report({ drift: drifted, documentation, place: 'tea.md', rewordings: words });

function folderOf(testInfo: TestInfo, name: string): string {
  mkdirSync(testInfo.outputPath(), { recursive: true });
  return testInfo.outputPath(name);
}

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

  test('in sentences that have only moved', () => {
    const moved = markdown.replace('Nobody has to drink & run.\n', '').replace('Warm water', 'Nobody has to drink & run. Warm water');
    expect(hasDrifted(found(moved))).toBe(false);
  });
});

test.describe('drift', () => {
  test('is a sentence that reads otherwise: what rests on it, and what is new beside it', () => {
    const text = told(changed('water is free', 'water is dear'));
    expect(text).toContain('Changed: of 6 sentences and samples 1 is gone, 1 is new.');
    expect(text).toMatch(
      /Tea\n {2}gone {2}[0-9a-f]{12}, on which rest:\n {8}auth-required: Water `costs` nothing\.\n {2}new {3}[0-9a-f]{12} Warm water is dear\./,
    );
    expect(text).not.toContain('How to ask');
  });

  test('is a sentence on which nothing rests, told with the reason', () =>
    expect(told(changed('drink & run', 'drink'))).toContain('on which nothing rests. Advice.'));
  test('is a capital, a digit, a hyphen', () => {
    for (const [from, to] of [
      ['Warm', 'WARM'],
      ['pot 1', 'pot 2'],
      ['drink & run', 'drink-run'],
    ] as const)
      expect(hasDrifted(changed(from, to)), to).toBe(true);
  });
  test('is a new heading, and one that is gone', () => {
    const text = told(changed('## How to Ask', '## How to Beg'));
    expect(text).toContain('How to ask (this heading is gone)');
    expect(text).toContain('How to Beg (this heading is new)');
  });
  test('cannot act on a terminal', () => expect(told(changed('is free', 'is \u001b[31mfree\u202e'))).toContain('is \\u001b[31mfree'));

  test('is told word by word where the page as it was is given', () => {
    const now = markdown.replace('water is free', 'milk is dear');
    const words = rewordings(read(markdown), read(now));
    expect(words.map(({ text }) => text)).toEqual(['Warm [-water-]{+milk+} is [-free-]{+dear+}.']);
    expect(told(found(now), words).match(/\[-water-\]/g)).toHaveLength(1);
    expect(rewordings(read(markdown), read(markdown.replace('Warm water is free.', 'Completely else.')))).toEqual([]);
  });
});

test.describe('a sample that was edited', () => {
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

  test('is drift where it means the same, and says nothing of what it changes', () => {
    for (const [from, to] of [
      ['Date: yesterday', 'Date: today'],
      ["curl -uNobody:k -H 'Accept: text/x'", 'curl --header "accept: text/x" --user Nobody:q'],
    ] as const) {
      expect(changed(from, to).differences, to).toEqual([]);
      expect(hasDrifted(changed(from, to))).toBe(true);
    }
  });
  test('is held against the specifications even where the page has not changed', () =>
    expect(compare(read(markdown), documentation, { ...held, call: { ...held.call, username: 'API' } }).differences).toEqual([
      { requirement: 'documented-call', what: 'username', held: 'API', shown: 'Nobody' },
    ]));
});

test('the suite’s own specifications have a fingerprint and a reason or a promise for each sentence', () => {
  const sentences = loadDocumentation().sections.flatMap((section) => section.sentences);
  expect(sentences).toHaveLength(23);
  for (const { requirements, unchecked } of sentences) expect(requirements.length > 0).toBe(unchecked === undefined);
});

test.describe('the command', () => {
  const run = (args: readonly string[], variables: Readonly<Record<string, string>> = {}) => {
    const env = { ...withoutOurs(process.env), ...variables };
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-r', 'tsx/cjs', join(root, 'src/commands/drift.ts'), ...args], {
      cwd: root,
      env,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  test('exits 0 where nothing has changed and 1 where something has', async ({}, testInfo) => {
    const page = folderOf(testInfo, 'tea.md');
    const { leadconduit, ...others } = loadProducts();
    const products = { leadconduit: { ...leadconduit, server: held.server, failure: held.failure }, ...others };
    const annotated = folderOf(testInfo, 'page.html');
    writeFileSync(annotated, '<!--source--><!--/source-->');
    const world = { documentation, products, env: { ...withoutOurs(process.env), REPORTS_DIR: testInfo.outputPath() } };
    writeFileSync(page, markdown);
    expect(await drift(['--page', page], world)).toBe(0);
    expect(readFileSync(annotated, 'utf8')).toBe('<!--source-->With the text of tea.md.<!--/source-->');
    writeFileSync(page, markdown.replace('free', 'dear'));
    expect(await drift(['--page', page], world)).toBe(1);
  });

  test('explains itself', () => expect(run(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('--was') }));
  for (const [name, args, says] of [
    ['an unknown option', ['--annotate'], '--annotate is no option'],
    ['a word', ['page.md'], '"page.md" is no option'],
    ['an option without its value', ['--page'], '--page needs a file or a URL.'],
    ['a URL that is none of the web', ['--page', 'ftp://tea.test'], 'not a URL of http or https'],
    ['a URL with a password', ['--page', 'https://a:hunter2@tea.test'], 'a user or a password'],
  ] as const)
    test(`refuses ${name} with 2`, () => {
      const { status, stdout, stderr } = run(args);
      expect([status, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1]);
      expect(stderr).toContain(says);
      expect(stderr).not.toContain('hunter2');
    });

  for (const [name, content, says] of [
    ['an empty file', '', 'is empty.'],
    ['white space', ' \n\t\n', 'is empty.'],
    ['a binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]), 'is no text'],
    ['another encoding', Buffer.from([0x23, 0x20, 0xe9, 0x0a]), 'is not in UTF-8.'],
    ['50 MB', Buffer.alloc(50 * 2 ** 20, 'a'), 'more than 5 MB'],
    ['another page', '# Cake\n\nFlour. Sugar.\n', 'none of the 23 sentences'],
    ['a login', '<!doctype html><h1>Authentication</h1><input type="password">', 'a page to log in at'],
    ['what is nested without end', `${'>'.repeat(100_000)}x`, 'nested too deeply'],
    ['elements without end', `<!doctype html>${'<div>'.repeat(100_000)}x`, 'nested too deeply'],
  ] as const)
    test(`has no page in ${name}: 3, one sentence, and nothing is overwritten`, async ({}, testInfo) => {
      const given = folderOf(testInfo, 'given');
      writeFileSync(given, content);
      writeFileSync(testInfo.outputPath('page.html'), '<!--source--><!--/source-->');
      const { status, stdout, stderr } = run(['--page', given], { REPORTS_DIR: testInfo.outputPath() });
      expect([status, stdout, stderr.trim().split('\n').length]).toEqual([3, '', 1]);
      expect(stderr).toContain(says);
      expect(readFileSync(testInfo.outputPath('page.html'), 'utf8')).toBe('<!--source--><!--/source-->');
    });
  test('has no page in a file that is missing', () => {
    expect(run(['--page', '/nowhere/at.all'])).toMatchObject({ status: 3, stderr: 'There is no file /nowhere/at.all.\n' });
    expect(existsSync('/nowhere')).toBe(false);
  });
});

test.describe('from the web', () => {
  const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
    '/page': (response) => response.end(markdown),
    '/shown': (response) => response.setHeader('Content-Type', 'text/html; charset=utf-8').end(html),
    '/moved': (response) => response.writeHead(302, { Location: '/page' }).end(),
    '/loop': (response) => response.writeHead(302, { Location: '/loop' }).end(),
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

  test('the page is read as what it is, and redirects are followed', async () => {
    expect(await getSource(`${address}/page`)).toEqual({ text: markdown, format: 'markdown' });
    expect(await getSource(`${address}/moved`)).toEqual({ text: markdown, format: 'markdown' });
    expect(await getSource(`${address}/shown`)).toEqual({ text: html, format: 'html' });
  });
  for (const [path, says] of [
    ['/loop', 'it redirects without end'],
    ['/broken', 'was answered 500'],
    ['/endless', 'more than 5 MB'],
  ] as const)
    test(`${path} is no page: ${says}`, async () => expect(getSource(address + path)).rejects.toThrow(says));
  test('nobody there is no page', async () => expect(getSource('http://127.0.0.1:9')).rejects.toThrow('cannot be fetched'));
});
