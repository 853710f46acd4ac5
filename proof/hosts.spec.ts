/** Hosts of a user's own: those that keep every promise conform, those that nobody can judge are not judged, and nobody is blamed. */
import { randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { type Configuration, readConfiguration } from '../src/target/index.ts';
import { hostsIn } from './hosts.ts';
import { rowName, rowOf } from './matrix.ts';
import { runAgainst } from './run.ts';

/** In ms. Those that never answer cost it twice. */
const patience = { conforms: '20000', inconclusive: '1000' } as const;

function at(url: string, key: string, folder: keyof typeof patience): Configuration {
  const values = { LEADCONDUIT_URL: url, ACTIVEPROSPECT_API_KEY: key, REQUEST_TIMEOUT_MS: patience[folder] };
  return readConfiguration({ values, problems: [], warnings: [] });
}

for (const folder of ['conforms', 'inconclusive'] as const)
  for (const [id, { why, start, cause }] of hostsIn(folder))
    test(id, async ({}, testInfo) => {
      const key = randomBytes(20).toString('hex');
      const serving = await start(key);
      test.skip(serving === undefined, 'what it needs is not installed here');
      if (serving === undefined) return;
      try {
        const conformance = await runAgainst(at(serving.url, key, folder));
        const { verdict, requirements } = conformance;
        await testInfo.attach(rowName, rowOf(id, why, conformance));
        const findings = (of: string) =>
          requirements.flatMap((each) =>
            each.findings.filter((finding) => finding.verdict === of).map((finding) => ({ ...finding, id: each.id })),
          );
        expect(findings('violates'), 'nobody is blamed').toEqual([]);
        expect(verdict).toBe(folder);
        const causes = new Set(findings('inconclusive').map((each) => each.cause));
        if (cause === undefined) expect(findings('inconclusive')).toEqual([]);
        else expect([...causes]).toContain(cause);
      } finally {
        await serving.close();
      }
    });
