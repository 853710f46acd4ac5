/** Collects the rows of the tests and writes the matrix when all hosts have run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FullConfig, Reporter, Suite, TestCase, TestResult } from '@playwright/test/reporter';
import { allDepartures } from '../src/host/departures.ts';
import { hostsIn } from './hosts.ts';
import { asMarkdown, isIdentified, type Row, rowName, summary } from './matrix.ts';
import { asPage } from './matrix-page.ts';

export default class MatrixReporter implements Reporter {
  readonly #rows = new Map<string, Row>();
  #selected: ReadonlySet<string> = new Set();

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#selected = new Set(suite.allTests().map(({ title }) => title));
  }

  onTestEnd(_test: TestCase, { attachments }: TestResult): void {
    const body = attachments.find(({ name }) => name === rowName)?.body;
    if (body === undefined) return;
    const row = JSON.parse(body.toString('utf8')) as Row;
    // If a host is run several times, a wrong row must not be hidden by a right one.
    const before = this.#rows.get(row.id);
    if (before === undefined || isIdentified(before)) this.#rows.set(row.id, row);
  }

  onEnd(): void {
    const rows = [...this.#rows.values()];
    if (rows.length === 0) return;
    console.log(`\nThe matrix. Hosts of this run that were correctly identified: ${summary(rows).join(', ')}.`);
    const hosts = [...allDepartures().map(({ id }) => id), ...[...hostsIn('conforms'), ...hostsIn('inconclusive')].map(([id]) => id)];
    if (!hosts.every((id) => this.#selected.has(id))) {
      console.log('  Not written: some of the hosts were not run.');
      return;
    }
    const folder = join(__dirname, '../proof-results');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'matrix.md'), asMarkdown(rows));
    writeFileSync(join(folder, 'matrix.html'), asPage(rows));
    console.log('  proof-results/matrix.md, proof-results/matrix.html');
  }

  printsToStdio(): boolean {
    return false;
  }
}
