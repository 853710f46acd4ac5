/**
 * Hosts through the whole of a run: reports, search for keys, printout and exit code. limits.spec.ts has one on every product with the real
 * command, whose several processes give the same verdict, and command.spec.ts the command's other exit codes.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allDepartures } from '../src/host/departures.ts';
import { startHost } from '../src/host/host.ts';
import type { Conformance } from '../src/report/model.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { here } from './here.ts';
import { hostsIn } from './hosts.ts';
import { expect, test } from './test.ts';

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hosts-'));
});
test.afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(url: string, key: string, settings: Readonly<Record<string, string>> = {}) {
  const variables = { REPORTS_DIR: folder, LEADCONDUIT_URL: url, ACTIVEPROSPECT_API_KEY: key, REQUEST_TIMEOUT_MS: '5000', ...settings };
  const { code, text } = await here([], variables);
  const { verdict, requirements } = JSON.parse(readFileSync(join(folder, 'conformance.json'), 'utf8')) as Conformance;
  const blamed = requirements.filter((each) => each.verdict === 'violates').map(({ id }) => id);
  return { code, text, verdict, blamed };
}

/** Each exit code in several ways, with hosts that need nothing extra installed. */
const chosen = {
  conforms: ['connections/three-requests', 'documented/every-product', 'frameworks/express'],
  inconclusive: [
    'silent/untrusted-certificate',
    'standing-in/locks-out-silently',
    'changing/blocks-late',
    'without-certificate/unknown-certificate',
  ],
} as const;
const codes = { conforms: 0, inconclusive: 3 } as const;

for (const folder of ['conforms', 'inconclusive'] as const)
  for (const name of chosen[folder]) {
    const [id, host] = hostsIn(folder).find(([each]) => each === `${folder}/${name}`) ?? [];
    test(`${folder}/${name} ends with exit code ${codes[folder]}`, async () => {
      if (host === undefined) throw new Error(`no host is called ${id}`);
      const key = randomBytes(20).toString('hex');
      const serving = await host.start(key);
      try {
        const done = await run(serving?.url ?? '', key, host.settings?.(serving?.url ?? ''));
        expect(done, done.text).toMatchObject({ code: codes[folder], verdict: folder, blamed: [] });
        expect(done.text).toContain(host.cause === undefined ? 'Conforms' : host.cause);
        expect(done.text).not.toContain(key);
      } finally {
        await serving?.close();
      }
    });
  }

for (const wanted of ['username-ignored/upper-case-only', 'basic-scheme/bearer-too'])
  test(`violates/${wanted} ends with exit code 1`, async () => {
    const departure = allDepartures().find(({ id }) => id === wanted);
    if (departure === undefined) throw new Error(`no departure is called ${wanted}`);
    const host = await startHost({ products: loadProducts(), behavior: departure.change });
    try {
      const { key } = host.openAccount();
      const done = await run(host.urlOf('leadconduit'), key);
      expect(done, done.text).toMatchObject({ code: 1, verdict: 'violates', blamed: [departure.requirement] });
      expect(done.text).toContain(`✗ ${departure.requirement}: violates on leadconduit`);
    } finally {
      await host.close();
    }
  });
