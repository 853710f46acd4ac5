/** Every way in which a key could leak, tried with the real command: its output, the files that it leaves, and what other users can see of it. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from '@playwright/test';
import { secretNames } from '../src/configuration/configuration.ts';
import { productIds } from '../src/specifications/model.ts';
import { urlVariable } from '../src/specifications/variables.ts';
import { root, start } from './command.ts';
import { newKey, test } from './leak-fixtures.ts';
import { hunt } from './remains.ts';
import { type Seen, watch } from './watch.ts';
import { leaks, refusesEvery } from './ways-to-leak.ts';

test.describe('a key does not leak through', () => {
  for (const [
    name,
    {
      hosts = [refusesEvery],
      args = [],
      variables = {},
      files = (): Readonly<Record<string, string>> => ({}),
      compiles,
      code,
      says,
      leaves = [],
    },
  ] of Object.entries(leaks))
    test(name, async ({ reports, aside, host, secureHost, socketHost, listening }) => {
      const key = newKey();
      const urls = await Promise.all(hosts.map((each) => each(key, { host, secureHost, socketHost, listening })));
      for (const [file, text] of Object.entries(files(key, urls))) {
        mkdirSync(dirname(join(aside, file)), { recursive: true });
        writeFileSync(join(aside, file), text);
      }
      const here = (text: string): string => text.replaceAll('AT/', `${aside}/`);
      const own = typeof variables === 'function' ? variables(key) : variables;
      if (compiles) rmSync(join(root, 'dist/sources.txt'), { force: true });
      const run = start(args.map(here), {
        REPORTS_DIR: reports,
        ...Object.fromEntries(urls.map(({ href }, index) => [urlVariable(productIds[index] ?? ''), href])),
        ACTIVEPROSPECT_API_KEY: key,
        ...Object.fromEntries(Object.entries(own).map(([variable, value]) => [variable, here(value)])),
      });
      const seen = watch(run.child.pid as number);
      const done = await run.ended;
      const { inText, inPlace } = hunt(key);
      expect(inText(done.text), 'printed').toEqual([]);
      expect(inPlace(reports), 'in place').toEqual([]);
      // Variables that the test itself sets are visible to every process.
      expectUnseen(seen.stop(), key, Object.keys(own));
      for (const each of says) expect(done.text).toMatch(each);
      for (const each of leaves) expect(existsSync(join(reports, each)), each).toBe(true);
      expect(done.code, done.text).toBe(code);
    });
});

test('exactly the secret variables are removed from the environment', () => {
  const { names } = require('../scripts/keys-apart.cjs') as { readonly names: readonly string[] };
  expect([...names].sort()).toEqual([...secretNames].sort());
});

/** Only the command may have the key in its environment, where it came from. */
function expectUnseen(seen: readonly Seen[], key: string, besides: readonly string[] = []): void {
  const { inText } = hunt(key);
  const saw = (program: string): boolean => seen.some(({ args }) => args.includes(program));
  expect(saw('workerProcessEntry'), 'workers were seen').toBe(saw('@playwright/test/cli'));
  for (const { args, environment } of seen) {
    expect(inText(args), `arguments of ${args}`).toEqual([]);
    if (args.includes('commands/conformance.js')) continue;
    const rest = environment.split('\0').filter((each) => !besides.some((name) => each.startsWith(`${name}=`)));
    expect(inText(rest.join('\n')), `environment of ${args}`).toEqual([]);
  }
}
