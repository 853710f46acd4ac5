/** A product is a file: the real command with a fourth one, which nothing but its file in `specs/` knows. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { listed } from '../src/listed.ts';
import type { Conformance } from '../src/report/model.ts';
import { productFile } from '../src/specifications/files.ts';
import { loadProducts, productOfTheExample } from '../src/specifications/load.ts';
import { type ProductSpec, productIds } from '../src/specifications/model.ts';
import { urlVariable } from '../src/specifications/variables.ts';
import { executablePath, launch, notOpened } from './browser.ts';
import { type Done, plainEnvironment, program, root } from './command.ts';
import { text as fileText, id, order } from './fourth-product.ts';
import { expect, test } from './test.ts';

test.describe.configure({ mode: 'serial' });

const all: readonly string[] = [...productIds, id];
const products = Object.values(loadProducts());
const titles = products.map(({ title }) => title);

/** The suite, compiled, with one file more. */
let suite: string;
const at = (name: string): string => join(suite, name);

test.beforeAll(() => {
  expect(spawnSync(process.execPath, ['-r', './scripts/compile.cjs', '-e', ''], { cwd: root }).status).toBe(0);
  suite = mkdtempSync(join(tmpdir(), 'fourth-'));
  for (const name of ['dist', 'specs', 'package.json', 'scripts/keys-apart.cjs']) {
    mkdirSync(dirname(at(name)), { recursive: true });
    cpSync(join(root, name), at(name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), at('node_modules'));
  writeFileSync(at(`specs/${productFile(id)}`), fileText);
  writeFileSync(at('narrow.cjs'), 'process.stdout.columns = 80;');
});
test.afterAll(() => rmSync(suite, { recursive: true, force: true }));

const programOf = (command: string): readonly string[] => [
  '-r',
  at('scripts/keys-apart.cjs'),
  '-r',
  at('narrow.cjs'),
  at(`dist/src/commands/${command}.js`),
];

const run = (args: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Done> =>
  program(process.execPath, [...programOf('conformance'), ...args], suite, variables);

const reported = (file: string, folder = 'reports'): string => readFileSync(at(join(folder, file)), 'utf8');
const conformanceIn = (folder?: string): Conformance => JSON.parse(reported('conformance.json', folder)) as Conformance;

const hasPublicCall = ({ operations }: ProductSpec): boolean => operations.some((each) => !each.protected);
/** The page's own example lacks the header that they are about. */
const otherVerdicts: Readonly<Record<string, string>> = { 'rfc9110-www-authenticate': 'noted', 'rfc7617-utf8': 'not-run' };

test('every requirement is judged on four products, a reset among them', async () => {
  const { code, text } = await run([]);
  expect(code, text).toBe(0);
  const { target, requirements, requests, wrongKeys } = conformanceIn();
  // As announced.
  expect(text).toContain(`About ${requests.toLocaleString('en')} requests, ${wrongKeys.toLocaleString('en')} of them with wrong keys.`);
  expect(Object.keys(target.products)).toEqual(all);
  for (const { id: requirement, products: judged, verdict } of requirements) {
    expect(verdict, requirement).toBe(otherVerdicts[requirement] ?? 'conforms');
    if (['reset-changes-key', 'key-for-all-products'].includes(requirement)) expect(judged).toEqual({});
    else if (requirement === 'documented-call') expect(judged).toEqual({ [productOfTheExample().id]: 'conforms' });
    else if (requirement === 'public-call')
      expect(Object.keys(judged)).toEqual([...products.filter(hasPublicCall).map((each) => each.id), id]);
    else expect(Object.keys(judged), requirement).toEqual(all);
  }
  // In 80 columns the names are shortened, and can still be told apart.
  const [head = '', ...lines] = text.slice(text.search(/^ +leadcond/m)).split('\n');
  const names = head.trim().split(/ +/).slice(0, all.length);
  expect(names).toEqual(all.map((each, place) => each.slice(0, names[place]?.length)));
  expect(new Set(names).size).toBe(all.length);
  expect(lines.find((line) => line.includes('failure-body'))).toMatch(new RegExp(`failure-body( +✓){${all.length}} +\\d+$`));
  for (const line of [head, ...lines.slice(0, 30)]) expect(line.length).toBeLessThanOrEqual(80);
});

test('every report has a fourth column', async () => {
  expect(reported('summary.md')).toContain(`| ${id} |`);
  expect(reported('junit.xml')).toContain(`name="${id}"`);
  expect(reported('recording/leadconsole.har')).toContain('"product":"leadconsole"');
  expect(reported('index.html')).toContain('LeadConsole');
  expect(reported('allure/index.html').length).toBeGreaterThan(100_000);
});

test('the front page fits on a phone, with four columns', async () => {
  test.skip(executablePath === undefined, notOpened);
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: { width: 390, height: 844 } });
    await page.goto(pathToFileURL(at('reports/index.html')).href);
    const heads = page.locator('table.verdicts thead th span');
    expect(await heads.allTextContents()).toEqual([...titles, 'LeadConsole']);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await expect(page.locator('table.verdicts tr', { hasText: 'failure-body' }).locator('td a')).toHaveCount(all.length);
  } finally {
    await browser.close();
  }
});

test('the embedded host serves it on a port of its own; a run may name it alone, and give the id that its calls need', async () => {
  const { child, port, line } = await serving();
  try {
    const { products: urls, account, key } = JSON.parse(line) as { products: Record<string, string>; account: string; key: string };
    expect([...Object.entries(urls), ['account', account]]).toEqual(
      [...all, 'account'].map((each, place) => [each, `http://127.0.0.1:${port + place}`]),
    );
    expect(await (await fetch(`${account}/account`)).text()).toContain('Log in to LeadConsole');
    const named = { LEADCONSOLE_URL: urls[id] ?? '', ACTIVEPROSPECT_API_KEY: key, REPORTS_DIR: 'alone' };

    const wrong = await run([], { ...named, LEADCONSOLE_BOARD_ID: 'https://console.example.com/boards/1' });
    expect(wrong).toEqual({ code: 2, text: 'LEADCONSOLE_BOARD_ID is not a board id. Write the 24 digits at the end of its address.\n' });

    const { code, text } = await run([], { ...named, LEADCONSOLE_BOARD_ID: 'a'.repeat(24) });
    expect(code, text).toBe(0);
    const { target, requirements } = conformanceIn('alone');
    expect(target).toEqual({ kind: 'own', products: { [id]: urls[id] } });
    for (const each of requirements) expect(Object.keys(each.products).filter((product) => product !== id)).toEqual([]);
    expect(requirements.find((each) => each.id === 'key-for-all-calls')?.products).toEqual({ [id]: 'conforms' });
    expect(reported('recording/leadconsole.har', 'alone')).toContain(`/boards/${'a'.repeat(24)}`);
    expect(reported('index.html', 'alone')).toContain(`${listed(titles)} were not tested`);
  } finally {
    child.kill('SIGTERM');
  }
});

/** The embedded host, with the line that it prints first. Another program may be using one of its ports; then others are tried. */
async function serving(): Promise<{ readonly child: ChildProcess; readonly port: number; readonly line: string }> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    const args = [...programOf('host'), '--json', '--port', String(port)];
    const child = spawn(process.execPath, args, { cwd: suite, env: plainEnvironment() });
    const line = await new Promise<string | undefined>((resolve) => {
      child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().split('\n')[0]));
      child.once('close', () => resolve(undefined));
    });
    if (line !== undefined) return { child, port, line };
    expect(child.exitCode, 'a port is taken').toBe(4);
  }
}

test('the options and the messages name it, and a mistake in its file is reported with its line', async () => {
  const help = await run(['--help']);
  expect(help.text.replaceAll(/\s+/g, ' ')).toContain(`${productIds.join(', ')} or ${id}`);
  const nothingNamed = await run([], { ACTIVEPROSPECT_API_KEY: 'f'.repeat(40) });
  expect(nothingNamed.text).toContain(`Set ${listed(all.map(urlVariable), 'or')} to live`);
  writeFileSync(at(`specs/${productFile(id)}`), fileText.replace(`x-order: ${order}`, 'x-order: 2'));
  expect(await run([])).toEqual({
    code: 4,
    text: `specs/trustedform.openapi.yaml:9: x-order: specs/leadconsole.openapi.yaml has the number 2, too. Give the new product the next free one, ${order}.\n`,
  });
});
