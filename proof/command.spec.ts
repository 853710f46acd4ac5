/** The real command as a process: its exit code, its output, and the files that it leaves. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readOptions } from '../src/commands/options.ts';
import { readPublishSiteOptions } from '../src/commands/publish-site/options.ts';
import { readVerifyResetOptions } from '../src/commands/verify-reset/options.ts';
import { readEnvironment } from '../src/configuration/environment.ts';
import type { Conformance } from '../src/report/model.ts';
import { requirementIds } from '../src/specifications/load.ts';
import { productIds } from '../src/specifications/model.ts';
import { type Done, program, root, conformance as runCommand, start } from './command.ts';
import { here } from './here.ts';
import { hunt } from './remains.ts';
import { expect, test } from './test.ts';
import { canSeeEnvironments, watch } from './watch.ts';

const key = randomBytes(20).toString('hex');
let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

const conformance = (args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Done> =>
  runCommand(args, { REPORTS_DIR: folder, ...variables });

/** A host in ten lines that follows the page. */
function follows({ headers }: IncomingMessage, response: ServerResponse): void {
  const [scheme = '', encoded = ''] = (headers.authorization ?? '').split(' ');
  const pair = Buffer.from(encoded, 'base64').toString();
  if (/^basic$/i.test(scheme) && pair.includes(':') && pair.slice(pair.indexOf(':') + 1) === key) response.writeHead(200).end('[]');
  else response.writeHead(401, { 'Content-Type': 'application/json; charset=utf-8' }).end('{"error":"authentication failed"}');
}

async function against(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  args: readonly string[] = [],
  by: typeof here = conformance,
): Promise<Done> {
  const server: Server = createServer(listener).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await by(args, { LEADCONDUIT_URL: `http://127.0.0.1:${port}`, ACTIVEPROSPECT_API_KEY: key, REPORTS_DIR: folder });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

const results = (): Conformance => JSON.parse(readFileSync(join(folder, 'conformance.json'), 'utf8')) as Conformance;

test('a small host that follows the page conforms', async () => {
  const { code, text } = await against(follows);
  expect(text).toContain('Conforms');
  expect(code).toBe(0);
  expect(results().verdict).toBe('conforms');
  expect(results().requirements.map(({ id }) => id)).toEqual(requirementIds());
  expect(existsSync(join(folder, 'allure/index.html'))).toBe(true);
  expect(text).not.toContain(key);
});

test('a pattern that selects no requirement checks nothing, so the run is inconclusive', async () => {
  expect((await conformance(['--grep', '^scheme', '--project', 'leadconduit'])).code).toBe(3);
});

test('a host that answers 503 to everything cannot be judged', async () => {
  const { code, text } = await against((_request, response) => response.writeHead(503).end(), ['--grep', 'failure-status'], here);
  expect(text).toContain('unreachable');
  expect(code).toBe(3);
});

test('--preflight accepts the embedded host and judges nothing', async () => {
  const { code, text } = await conformance(['--preflight']);
  expect(text.match(/accepts the key/g)).toHaveLength(productIds.length);
  expect(code).toBe(0);
  expect(readdirSync(folder)).toEqual([]);
});

test('--preflight names likely reasons if the key is refused', async () => {
  const { code, text } = await against((_request, response) => response.writeHead(401).end(), ['--preflight'], here);
  expect(text).toContain('cut short or mistyped');
  expect(code).toBe(3);
});

test('every requirement has a test with its id as title', async () => {
  const { code, text } = await conformance(['--list']);
  expect(code).toBe(0);
  const tests = [...text.matchAll(/^ *(\S+\.spec\.ts):\S+ › ([a-z0-9-]+)(?: |$)/gm)];
  const titles = new Set(tests.map(([, , title]) => title));
  expect([...titles].sort()).toEqual([...requirementIds()].sort());
  for (const [, file = ''] of tests) expect(existsSync(join(root, 'dist/tests', file)), file).toBe(true);
});

test('output that cannot be written is a failure, but a reader that has seen enough is none', async () => {
  test.skip(!existsSync('/dev/full'), 'there is no device here that is always full');
  const into = (end: string): Promise<Done> =>
    program(
      'sh',
      [
        '-c',
        `{ "$@"; echo "ended with $?" >&2; } ${end}`,
        'sh',
        process.execPath,
        join(root, 'dist/src/commands/conformance.js'),
        '--help',
      ],
      root,
    );
  expect((await into('> /dev/full')).text).toBe('Standard output cannot be written (ENOSPC).\nended with 4\n');
  expect((await into('| true')).text).toBe('ended with 0\n');
});

test('no result is lost while the command is too busy to read them', async () => {
  test.skip(!canSeeEnvironments, 'the tests’ process is found in /proc');
  // Its evidence is more than the channel between the two processes holds.
  const refusesAtLength = (request: IncomingMessage, response: ServerResponse): void => {
    const { end } = response;
    response.end = ((body: string) => end.call(response, body === '[]' ? body : body.padEnd(3000), 'utf8')) as ServerResponse['end'];
    follows(request, response);
  };
  expect((await against(refusesAtLength, [], here)).code).toBe(1);
  const { child, ended } = start(['--from', folder], { REPORTS_DIR: join(folder, 'again') });
  const seen = watch(child.pid as number);
  await expect
    .poll(() => seen.soFar().some(({ args }) => args.includes('workerProcessEntry')), { intervals: [10], timeout: 60_000 })
    .toBe(true);
  seen.stop();
  child.kill('SIGSTOP');
  await sleep(3000);
  child.kill('SIGCONT');
  const { code, text } = await ended;
  expect(code, text).toBe(1);
});

test('--help works even if other settings are invalid', async () => {
  const { code, text } = await conformance(['--help'], { ACTIVEPROSPECT_KEY: key });
  expect(text).toContain('--preflight');
  expect(code).toBe(0);
});

const wrong: readonly (readonly [args: readonly string[], variables: Readonly<Record<string, string>>, says: string])[] = [
  [['--nonsense'], {}, 'npx playwright test'],
  [['--grep', '('], {}, '--grep ( is not a valid regular expression: Unterminated group.'],
  [['--project', 'nobody'], {}, 'not one of'],
  [['--reporter', 'htmll'], {}, '--reporter htmll: neither a file, nor a module, nor one of'],
  [[], { ACTIVEPROSPECT_API_KEY: key }, 'no host is named. Set LEADCONDUIT_URL, TRUSTEDFORM_URL or SUPPRESSIONLIST_URL to live'],
  [[], { LEADCONDUIT_URL: 'live' }, 'ACTIVEPROSPECT_API_KEY is not set'],
  [[], { LEADCONDUIT_URL: 'lead.test', ACTIVEPROSPECT_API_KEY: key }, 'not a URL'],
  [[], { LEADCONDUIT_URL: 'http://lead.test', ACTIVEPROSPECT_API_KEY: key }, 'plain http'],
  [[], { LEADCONDUIT_URL: 'https://user:word@lead.test', ACTIVEPROSPECT_API_KEY: key }, 'contains a user name or a password'],
  [[], { LEADCONDUIT_URL: 'live', ACTIVEPROSPECT_API_KEY: '0123456789abcdef0123' }, 'ACTIVEPROSPECT_API_KEY is so common'],
  [[], { LEADCONDUIT_URL: 'live', ACTIVEPROSPECT_API_KEY: '0123456789abcdef' }, 'so common that every report contains it'],
  [
    [],
    { LEADCONDUIT_URL: 'live', ACTIVEPROSPECT_API_KEY: key, ACTIVEPROSPECT_OLD_API_KEY: 'abcdefghijklmnop' },
    'ACTIVEPROSPECT_OLD_API_KEY is so common',
  ],
  [[], { LEADCONDUIT_URL: 'live', ACTIVEPROSPECT_API_KEY: '1234567890' }, 'example of the documentation'],
  [[], { LEADCONDUIT_URL: 'live', ACTIVEPROSPECT_API_KEY: key, ACTIVEPROSPECT_OLD_API_KEY: key }, 'same as'],
  [[], { REQUEST_TIMEOUT_MS: 'soon' }, 'not a whole number'],
  [[], { SEEED: '1' }, 'Did you mean SEED'],
  [[], { LEADCONDUIT: 'live' }, 'Did you mean LEADCONDUIT_URL'],
  [[], { ACTIVEPROSPECT_KEY: key }, 'Did you mean ACTIVEPROSPECT_API_KEY'],
];
for (const [index, [args, variables, says]] of wrong.entries())
  test(`wrong usage is explained in a sentence: ${[...args, ...Object.keys(variables)].join(' ')}: ${says}`, async () => {
    // One of them as a process.
    const { code, text } = await (index === 0 ? conformance(args, variables) : here(args, { REPORTS_DIR: folder, ...variables }));
    expect(text).toContain(says);
    expect(text).not.toContain(key);
    expect(text).not.toMatch(/^ +at /m);
    expect(code).toBe(2);
    expect(readdirSync(folder)).toEqual([]);
  });

test('a line of .env that is no assignment is named, without its text', () => {
  const problemsOf = (text: string): readonly string[] => {
    writeFileSync(join(folder, '.env'), text);
    return readEnvironment({}, folder).problems;
  };
  expect(problemsOf(`# one\nSEED=1\n\nLEADCONDUIT_URL https://lead.test\n${key}\nTRUSTEDFORM_URL = live\n`)).toEqual([
    'Line 4 of .env is not read, because it has no "=". Write it as NAME=value, or begin it with #.',
    'Line 5 of .env is not read, because it has no "=". Write it as NAME=value, or begin it with #.',
  ]);
  expect(problemsOf(`export SEED="1"\r\nRUN_NAME: nightly # a comment\r\nRESET_COMMAND='two\nlines'\n  LOGIN_COMMAND=\n`)).toEqual([]);
});

test('a key in a base URL is not printed, even if no variable holds it', async () => {
  const another = key.replaceAll(/./g, (each) => String.fromCharCode(each.charCodeAt(0) ^ 1));
  for (const url of [another, `X:${another}@lead.test`, `https://X:${another}/@lead.test`, `https://lead.test?key=${another}`]) {
    const { code, text } = await here([], { REPORTS_DIR: folder, LEADCONDUIT_URL: url, ACTIVEPROSPECT_API_KEY: key });
    expect(code, text).toBe(2);
    expect(text).toContain('LEADCONDUIT_URL');
    expect(hunt(another).inText(text), text).toEqual([]);
  }
});

test('options that cannot be meant are explained in a sentence each', () => {
  for (const [args, says] of [
    [
      ['--grep', 'a'.repeat(50_000)],
      /^--grep a{100}… \(49,900 more characters\) is not a valid regular expression: it is longer than 5,000 characters\.$/,
    ],
    [['--grep', 'a', '-g', 'b'], /^--grep is given more than once, but it takes one value: leave out all but one\.$/],
    [['--shard', '1/3', '--shard=2/3'], /^--shard is given more than once/],
    [['--list', '--preflight'], /^--list sends nothing and --preflight tries the key: leave out one of them\.$/],
    [['--from', ''], /^--from needs a value\.$/],
    [['--merge', ''], /^--merge needs a value\.$/],
    [['--merge', 'one', ' '], /^--merge needs a value\.$/],
    [['--since', ' '], /^--since needs a value\.$/],
    [['one'], /^"one" is not an option of this command\./],
  ] as const)
    expect(() => readOptions(args), args.join(' ').slice(0, 100)).toThrow(says);
  expect(() => readVerifyResetOptions(['--wait', '5m', '--wait', '1m'], false)).toThrow(/^--wait is given more than once/);
  expect(() => readPublishSiteOptions(['site', '--keep', '5', '--keep', '9'])).toThrow(/^--keep is given more than once/);
  expect(readOptions(['--merge', 'one', 'two']).merge).toEqual(['one', 'two']);
  expect(readOptions(['--project', 'leadconduit', '--project', 'account']).projects).toEqual(['leadconduit', 'account']);
});
