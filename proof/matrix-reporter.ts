/** Folds the rows that tests hand over into the matrix, when all of them have run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { asMarkdown, type Row, rowName, summary } from './matrix.ts';
import { asPage } from './matrix-page.ts';

export default class MatrixReporter implements Reporter {
  readonly #rows = new Map<string, Row>();

  onTestEnd(_test: TestCase, { attachments }: TestResult): void {
    const body = attachments.find(({ name }) => name === rowName)?.body;
    if (body === undefined) return;
    const row = JSON.parse(body.toString('utf8')) as Row;
    this.#rows.set(row.id, row);
  }

  onEnd(): void {
    const rows = [...this.#rows.values()];
    if (rows.length === 0) return;
    const folder = join(__dirname, '../proof-results');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'matrix.md'), asMarkdown(rows));
    writeFileSync(join(folder, 'matrix.html'), asPage(rows));
    console.log(`\nThe matrix. Hosts of this run that are told as what they are: ${summary(rows).join(', ')}.`);
    console.log('  proof-results/matrix.md, proof-results/matrix.html');
  }

  printsToStdio(): boolean {
    return false;
  }
}
