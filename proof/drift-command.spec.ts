/** `npm run drift` as a process: its exit codes, and its messages for input that is not the page. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createSocket } from 'node:net';
import type { TestInfo } from '@playwright/test';
import { scripts } from '../package.json';
import { drift } from '../src/commands/drift/run.ts';
import { withoutOurs } from '../src/configuration/environment.ts';
import { loadProducts, productOfTheExample } from '../src/specifications/load.ts';
import { plainEnvironment, root } from './command.ts';
import { documentation, held, markdown } from './drift-page.ts';
import { expect, test } from './test.ts';

function folderOf(testInfo: TestInfo, name: string): string {
  mkdirSync(testInfo.outputPath(), { recursive: true });
  return testInfo.outputPath(name);
}

interface Done {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** As `npm run drift` does, but without npm. */
function run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Done> {
  const [, ...parts] = scripts.drift.split(' ');
  const child = spawn(process.execPath, [...parts, ...args], {
    cwd: root,
    env: { ...plainEnvironment(), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
  });
}

/** The same in this process, without waiting for another one to start. */
async function runHere(args: readonly string[], world: Parameters<typeof drift>[1] = { env: plainEnvironment() }): Promise<Done> {
  const printed = { log: [] as string[], error: [] as string[] };
  const { log, error } = console;
  console.log = (text: unknown) => void printed.log.push(`${text}\n`);
  console.error = (text: unknown) => void printed.error.push(`${text}\n`);
  try {
    const status = await drift(args, world);
    return { status, stdout: printed.log.join(''), stderr: printed.error.join('') };
  } finally {
    Object.assign(console, { log, error });
  }
}

test('the command ends with the code and prints the sentence', async () => {
  const options = await run(['--annotate']);
  expect([options.status, options.stdout, options.stderr.trim().split('\n').length]).toEqual([2, '', 1]);
  expect(await run(['--page', '/nowhere/at.all'])).toMatchObject({ status: 3, stdout: '', stderr: 'There is no file /nowhere/at.all.\n' });
});

test('exits 0 if nothing has changed and 1 if something has', async ({}, testInfo) => {
  const page = folderOf(testInfo, 'tea.md');
  const called = { ...productOfTheExample(), server: held.server, failure: held.failure };
  const products = { ...loadProducts(), [called.id]: called };
  const annotated = folderOf(testInfo, 'index.html');
  writeFileSync(annotated, '<!--source--><!--/source-->');
  const world = { documentation, products, env: { ...withoutOurs(process.env), REPORTS_DIR: testInfo.outputPath() } };
  writeFileSync(page, markdown);
  expect((await runHere(['--page', page], world)).status).toBe(0);
  expect(readFileSync(annotated, 'utf8')).toBe('<!--source-->With the text of tea.md.<!--/source-->');
  writeFileSync(page, markdown.replace('free', 'dear'));
  expect((await runHere(['--page', page], world)).status).toBe(1);
});

test('explains itself', async () => expect(await run(['--help'])).toMatchObject({ status: 0, stdout: expect.stringContaining('--was') }));
for (const [name, args, says] of [
  ['an unknown option', ['--annotate'], '--annotate is not an option'],
  ['a word', ['page.md'], '"page.md" is not an option'],
  ['an option without its value', ['--page'], '--page needs a file or a URL.'],
  ['a URL that is not http or https', ['--page', 'ftp://tea.test'], 'not a URL of http or https'],
  ['a URL with a password', ['--page', 'https://a:hunter2@tea.test'], 'a user or a password'],
] as const)
  test(`rejects ${name} with 2`, async () => {
    const { status, stdout, stderr } = await runHere(args);
    expect([status, stdout, stderr.trim().split('\n').length]).toEqual([2, '', 1]);
    expect(stderr).toContain(says);
    expect(stderr).not.toContain('hunter2');
  });

for (const [name, content, says] of [
  ['an empty file', '', 'is empty.'],
  ['white space', ' \n\t\n', 'is empty.'],
  ['a binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]), 'is not text'],
  ['another encoding', Buffer.from([0x23, 0x20, 0xe9, 0x0a]), 'is not in UTF-8.'],
  ['50 MB', Buffer.alloc(50 * 2 ** 20, 'a'), 'larger than 5 MiB'],
  ['another page', '# Cake\n\nFlour. Sugar.\n', 'none of the 23 known sentences'],
  ['a login', '<!doctype html><h1>Authentication</h1><input type="password">', 'a page to log in at'],
  ['endless nesting', `${'>'.repeat(100_000)}x`, 'nested too deeply'],
  ['endless elements', `<!doctype html>${'<div>'.repeat(100_000)}x`, 'nested too deeply'],
] as const)
  test(`finds no page in ${name}: 3, one sentence, and nothing is overwritten`, async ({}, testInfo) => {
    const given = folderOf(testInfo, 'given');
    writeFileSync(given, content);
    writeFileSync(testInfo.outputPath('index.html'), '<!--source--><!--/source-->');
    const { status, stdout, stderr } = await runHere(['--page', given], {
      env: { ...plainEnvironment(), REPORTS_DIR: testInfo.outputPath() },
    });
    expect([status, stdout, stderr.trim().split('\n').length]).toEqual([3, '', 1]);
    expect(stderr).toContain(says);
    expect(readFileSync(testInfo.outputPath('index.html'), 'utf8')).toBe('<!--source--><!--/source-->');
  });
test('rejects an invalid proxy in one sentence, without its password', async () => {
  const { status, stdout, stderr } = await run(['--page', 'https://docs.test'], { HTTPS_PROXY: 'http://user:hunter2@proxy.test:99999' });
  expect([status, stdout, stderr.trim().split('\n').length]).toEqual([3, '', 1]);
  expect(stderr).toContain('HTTPS_PROXY is not the address of an HTTP proxy');
  expect(stderr).not.toContain('hunter2');
});
test('finds no page in a missing file', async () => {
  expect(await runHere(['--page', '/nowhere/at.all'])).toMatchObject({ status: 3, stderr: 'There is no file /nowhere/at.all.\n' });
  expect(existsSync('/nowhere')).toBe(false);
});

test.describe('the web has no page', () => {
  const server = createServer((request, response) => {
    if (request.url === '/loop') response.writeHead(301, { Location: '/loop' }).end();
    else if (request.url === '/other') response.end('# Cake\n\nFlour.\n');
    else response.writeHead(404).end();
  });
  // Node.js would not send this: a reason phrase with a terminal control sequence.
  const rude = createSocket((socket) => socket.once('data', () => socket.end('HTTP/1.1 500 \u009b31mNo\r\nContent-Length: 0\r\n\r\n')));
  const addressOf = (listening: { address(): unknown }): string => `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  test.beforeAll(async () => {
    for (const each of [server, rude]) await new Promise<void>((resolve) => each.listen(0, '127.0.0.1', resolve));
  });
  test.afterAll(() => {
    server.closeAllConnections();
    for (const each of [server, rude]) each.close();
  });

  for (const [name, place, says] of [
    ['in a redirect loop', () => `${addressOf(server)}/loop`, 'it redirects more than 5 times.'],
    ['in an error', () => `${addressOf(server)}/none`, 'could not be fetched: got 404 Not Found.'],
    ['in another page', () => `${addressOf(server)}/other`, 'none of the 23 known sentences'],
    ['at a port without a server', () => 'http://127.0.0.1:9/', 'could not be fetched: '],
    [
      'at a server that sends control characters, which do not reach the terminal',
      () => addressOf(rude),
      'could not be fetched: got 500 \\u009b31mNo.',
    ],
  ] as const)
    test(`${name}: 3, in one sentence`, async ({}, testInfo) => {
      const { status, stdout, stderr } = await runHere(['--page', place()], {
        env: { ...plainEnvironment(), REPORTS_DIR: testInfo.outputPath() },
      });
      expect([status, stdout, stderr.trim().split('\n').length]).toEqual([3, '', 1]);
      expect(stderr).toContain(says);
    });
});
