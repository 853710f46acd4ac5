/** A disk that is full or read-only, met at whatever moment: one sentence, exit code 4, and nothing half-written. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from '../src/host/host.ts';
import { sitePage } from '../src/publish/site-page.ts';
import { openStaging } from '../src/publish/staging.ts';
import { fold } from '../src/report/fold.ts';
import { loadDocumentation, loadProducts } from '../src/specifications/load.ts';
import { type Done, type StartOptions, start } from './command.ts';
import { documentation, held, markdown } from './drift-page.ts';
import { runOf, versions } from './report-runs.ts';
import { expect, test } from './test.ts';

/** A disk of memory in a world of its own, which ends with the command: prints what is left on it, hidden files included. */
const mounting = (disk: string, size: string, before: string): readonly string[] => [
  'unshare',
  '--map-root-user',
  '--mount',
  'sh',
  '-c',
  `mount -t tmpfs -o size=${size} tmpfs "${disk}" && ${before} || exit 99
   "$@"; code=$?
   cd "${disk}" && echo "left: $(find . -mindepth 1 | sort | tr '\\n' ' ')"
   exit $code`,
  'sh',
];
const canMount = spawnSync('unshare', ['--map-root-user', '--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;
test.skip(!canMount, 'this system does not let its users mount a disk of their own');

let folder: string;
let disk: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disk-'));
  disk = join(folder, 'disk');
  mkdirSync(disk);
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface OnDisk extends StartOptions {
  readonly args?: readonly string[];
  readonly size?: string;
  /** In a shell, with the disk in place. */
  readonly before?: string;
}

const onDisk = (
  variables: Readonly<Record<string, string>>,
  { args = [], size = '64k', before = 'true', ...options }: OnDisk,
): Promise<Done> => start(args, variables, { ...options, under: mounting(disk, size, before) }).ended;

/** The last line of the output is of the shell. */
function expectOneSentence({ code, text }: Done, sentence: string, left?: string): void {
  const lines = text.trimEnd().split('\n');
  expect(text).not.toMatch(/^ +at /m);
  expect(lines.at(-2)).toBe(sentence);
  expect(lines.at(-1)).toMatch(/^left:/);
  if (left !== undefined) expect(lines.at(-1)).toBe(`left: ${left}`.trimEnd());
  expect(code).toBe(4);
}

const full = (name: string, variable?: string): string =>
  `${variable === undefined ? name : `${variable} (${name})`} cannot be written: the disk is full (ENOSPC). Free some space or ${
    variable === undefined ? 'name another folder' : `set ${variable} to another folder`
  }, then run again.`;

for (const [size, when] of [
  ['64k', 'before anything is asked'],
  ['400k', 'in the middle of the recording'],
  ['2m', "in the middle of Allure's page"],
] as const)
  test(`conformance, full ${when}`, async () => {
    const args = ['--grep', 'bad-key-refused', '--project', 'leadconduit'];
    expectOneSentence(
      await onDisk({ REPORTS_DIR: join(disk, 'reports') }, { args, size }),
      full(join(disk, 'reports'), 'REPORTS_DIR'),
      './reports',
    );
  });

test.describe('conformance, with a full folder for temporary files', () => {
  const fullTemporaryFolder = (args: readonly string[]): Promise<Done> =>
    onDisk(
      { REPORTS_DIR: join(folder, 'reports'), TMPDIR: disk },
      {
        args: ['--grep', 'bad-key-refused', '--project', 'leadconduit', ...args],
        before: `! head -c 1m /dev/zero > "${disk}/fill" 2>/dev/null`,
      },
    );

  test('does not need it', async () => {
    const { code, text } = await fullTemporaryFolder([]);
    expect(code, text).toBe(0);
    expect(text).toContain('Conforms: 1 of');
  });

  test('names it where Playwright needs it to compile a reporter of the user', async () => {
    const reporter = join(folder, 'reporter.ts');
    writeFileSync(reporter, 'export default class { readonly quiet: boolean = true; }\n');
    expectOneSentence(await fullTemporaryFolder(['--reporter', reporter]), full(disk, 'TMPDIR'));
  });
});

test('conformance, on a read-only disk: that is what is said, not that a folder is missing', async () => {
  const before = `mount -o remount,ro "${disk}"`;
  for (const place of [disk, join(disk, 'new', 'reports')])
    expectOneSentence(
      await onDisk({ REPORTS_DIR: place }, { before }),
      `REPORTS_DIR (${place}) cannot be written: the file system is read-only (EROFS). Set REPORTS_DIR to another folder, then run again.`,
      '',
    );
});

test.describe('verify-reset', () => {
  const reset = async (on: (keys: Readonly<Record<string, string>>) => Promise<Done>): Promise<Done> => {
    const host = await startHost({ products: loadProducts() });
    const account = host.openAccount();
    const newKey = host.reset(account.id);
    host.login(account.id, 'leadconduit');
    const done = await on({
      LEADCONDUIT_URL: host.urlOf('leadconduit'),
      ACTIVEPROSPECT_API_KEY: newKey,
      ACTIVEPROSPECT_OLD_API_KEY: account.key,
    });
    await host.close();
    return done;
  };
  const args = ['--wait', '1s'];

  for (const size of ['64k', '2m'])
    test(`on a disk of ${size}`, async () => {
      const place = join(disk, 'reports');
      const done = await reset((keys) => onDisk({ ...keys, REPORTS_DIR: place }, { script: 'verify-reset', args, size, cwd: folder }));
      expectOneSentence(done, full(place, 'REPORTS_DIR'), './reports');
    });

  test('in a folder that is read-only: nothing is remembered, and the rest goes on', async () => {
    const done = await reset((keys) =>
      onDisk(
        { ...keys, REPORTS_DIR: join(folder, 'reports') },
        { script: 'verify-reset', args, before: `mount -o remount,ro "${disk}" && cd "${disk}"` },
      ),
    );
    expect(done.text).toContain('LeadConduit accepts the new key and refuses the old one.');
    expect(done.text).toMatch(/left: $/m);
    expect(done.code).toBe(0);
  });
});

test('publish-site: the site is as it was', async () => {
  const reports = join(folder, 'reports');
  const staging = openStaging(reports);
  const conformance = fold(runOf([], { startedAt: '2025-01-01T00:00:00.000Z' }), loadDocumentation(), versions);
  writeFileSync(join(staging.dir, 'conformance.json'), JSON.stringify(conformance));
  writeFileSync(join(staging.dir, 'index.html'), 'x'.repeat(2 ** 20));
  await staging.publish();
  const site = join(disk, 'site');
  writeFileSync(join(folder, 'page.html'), sitePage([], false));
  const before = `mkdir -p "${site}/runs" && cp "${join(folder, 'page.html')}" "${site}/index.html"`;
  for (const size of ['64k', '1m'])
    expectOneSentence(
      await onDisk({ REPORTS_DIR: reports }, { script: 'publish-site', args: [site], size, before }),
      full(site),
      './site ./site/index.html ./site/runs',
    );
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expectOneSentence(
    await onDisk({ REPORTS_DIR: reports }, { script: 'publish-site', args: [file] }),
    `${file} cannot be written: it is not a folder (EEXIST). Name another folder, then run again.`,
    '',
  );
});

test('drift: the front page is as it was', async () => {
  const page = join(folder, 'page.md');
  writeFileSync(page, markdown);
  const code = `const { drift } = require('./dist/src/commands/drift/run.js'), { loadProducts } = require('./dist/src/specifications/load.js');
    const { documentation, held } = ${JSON.stringify({ documentation, held })};
    const { leadconduit, ...others } = loadProducts();
    const products = { leadconduit: { ...leadconduit, server: held.server, failure: held.failure }, ...others };
    drift(['--page', ${JSON.stringify(page)}], { documentation, products, env: process.env }).then((code) => { process.exitCode = code; });`;
  const [program = '', ...under] = mounting(
    disk,
    '64k',
    `echo '<!--source--><!--/source-->' > "${disk}/index.html" && ! head -c 1m /dev/zero > "${disk}/fill" 2>/dev/null`,
  );
  const { status, stdout, stderr } = spawnSync(program, [...under, process.execPath, '-r', './scripts/compile.cjs', '-e', code], {
    cwd: join(__dirname, '..'),
    env: { ...process.env, REPORTS_DIR: disk },
    encoding: 'utf8',
  });
  expect(stderr.trimEnd()).toMatch(
    /^REPORTS_DIR \(.*disk\) cannot be written: the disk is full \(ENOSPC\)\. .* then run again\. \S*index\.html is unchanged\.$/,
  );
  expect(stdout).toMatch(/left: \.\/fill \.\/index\.html $/m);
  expect(status).toBe(4);
});
