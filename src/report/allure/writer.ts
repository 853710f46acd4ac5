/**
 * Writes Allure's results as its own writer does, but does not wait until each file is on disk: with 150 files, that wait takes a tenth of a
 * run. What a power failure would lose is made again by the next run.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestResult } from 'allure-js-commons';
import { FileSystemWriter } from 'allure-js-commons/sdk/reporter';

export class ResultWriter extends FileSystemWriter {
  readonly #folder: string;
  readonly #finished: (result: TestResult) => TestResult;

  /**
   * `folder` is there: a writer that made it would bring back what an interrupted run has just removed. `finished` has the last word on a
   * result. Where it throws, nothing is written.
   */
  constructor(folder: string, finished: (result: TestResult) => TestResult) {
    super({ resultsDir: folder });
    this.#folder = folder;
    this.#finished = finished;
  }

  override writeAttachment(name: string, content: Buffer): void {
    this.#write(name, content);
  }

  override writeResult(result: TestResult): void {
    const finished = this.#finished(result);
    this.#write(`${finished.uuid}-result.json`, JSON.stringify(finished));
  }

  #write(name: string, content: string | Buffer): void {
    writeFileSync(join(this.#folder, name), content);
  }
}
