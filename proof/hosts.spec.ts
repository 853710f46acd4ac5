/** Hosts of a user's own: those that keep every promise conform, those that cannot be judged are inconclusive, and none violates. */
import { randomBytes } from 'node:crypto';
import { type Configuration, readConfiguration } from '../src/configuration/configuration.ts';
import { type Cause, causes } from '../src/recording/causes.ts';
import { answering, follows, hostsIn } from './hosts.ts';
import { rowName, rowOf } from './matrix.ts';
import { firstOfEach, runAgainst } from './run.ts';
import { expect, test } from './test.ts';

/** Timeouts in ms. A host that never answers costs it twice. */
const patience = { conforms: '20000', inconclusive: '1000' } as const;

/** Requirements that cannot be checked on a single product without a reset. */
const needsMore = /^(reset-|old-key-stops$|new-key-starts$|key-for-all-products$|public-call$|rfc7617-utf8$)/;

function at(url: string, key: string, folder: keyof typeof patience, settings: Readonly<Record<string, string>> = {}): Configuration {
  const values = { LEADCONDUIT_URL: url, ACTIVEPROSPECT_API_KEY: key, REQUEST_TIMEOUT_MS: patience[folder], ...settings };
  return readConfiguration({ values, problems: [], warnings: [] });
}

/** Of each kind of host the files of one are checked. */
const kindOf = (id: string): string => id.slice(0, id.lastIndexOf('/'));

for (const folder of ['conforms', 'inconclusive'] as const) {
  const filesOf = firstOfEach(hostsIn(folder), ([id]) => kindOf(id)).map(([id]) => id);
  for (const [id, { why, start, cause, also = [], names, judged = [], settings }] of hostsIn(folder))
    test(id, async ({}, testInfo) => {
      expect(cause !== undefined, 'inconclusive hosts name a cause').toBe(folder === 'inconclusive');
      const key = randomBytes(20).toString('hex');
      const serving = await start(key);
      test.skip(serving === undefined, 'the server it needs is not installed here');
      if (serving === undefined) return;
      try {
        const conformance = await runAgainst(at(serving.url, key, folder, settings?.(serving.url)), { files: filesOf.includes(id) });
        const { verdict, requirements, checks } = conformance;
        await testInfo.attach(rowName, rowOf(conformance, { id, why }));
        const findings = (of: string) =>
          requirements.flatMap((each) =>
            each.findings.filter((finding) => finding.verdict === of).map((finding) => ({ ...finding, id: each.id })),
          );
        expect(findings('violates'), 'nothing violates').toEqual([]);
        const told = findings('inconclusive');
        const causes = new Set(told.map((each) => each.cause).filter((each) => each === undefined || !also.includes(each)));
        expect([...causes]).toEqual(cause === undefined ? [] : [cause]);
        expect(verdict).toBe(folder);
        for (const each of requirements) {
          const said = each.findings.map(({ check: _, ...finding }) => JSON.stringify(finding));
          expect(new Set(said).size, `${each.id} reports each finding once`).toBe(said.length);
        }
        if (names !== undefined) for (const { message } of told) expect(message).toContain(names);
        if (folder === 'inconclusive') return;
        // A host on which nothing was checked would conform as well.
        expect(checks).toBeGreaterThan(190);
        const unrun = requirements.filter((each) => each.verdict === 'not-run' && !needsMore.test(each.id));
        expect(unrun.map((each) => each.id)).toEqual([]);
        for (const each of judged) expect(requirements.find((other) => other.id === each)?.verdict, each).toBe('conforms');
      } finally {
        await serving.close();
      }
    });
}

test('a host that refuses HEAD to everyone, with an HTML page, leaves no required promise undetermined', async () => {
  const key = randomBytes(20).toString('hex');
  const serving = await answering((request, response) =>
    request.method === 'HEAD' ? void response.writeHead(405, { 'Content-Type': 'text/html' }).end() : follows(request, response, key),
  )(key);
  const { verdict, requirements } = await runAgainst(at(serving.url, key, 'conforms')).finally(() => serving.close());
  expect(verdict).toBe('conforms');
  expect(requirements.flatMap((each) => (each.verdict === 'inconclusive' ? [each.id] : []))).toEqual(['rfc9110-head']);
});

/** Causes that no host's answers can lead to. */
const otherwise: readonly Cause[] = ['command-failed', 'shard-missing'];

test('every cause that a host can lead to is covered by a host', () => {
  const given = new Set(hostsIn('inconclusive').map(([, { cause }]) => cause));
  expect([...given, ...otherwise].sort()).toEqual(Object.keys(causes).sort());
});

test('there are many hosts of both kinds', () => {
  for (const folder of ['conforms', 'inconclusive'] as const) expect(hostsIn(folder).length).toBeGreaterThanOrEqual(35);
});
