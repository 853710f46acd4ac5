/**
 * The specifications as `scripts/compile.cjs` leaves them beside the compiled modules: read and validated, because to do so takes 0.3 s.
 * They count only for the files that they were made from; otherwise, and wherever the sources run, `specs/` is read as it stands.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { once } from '../once.ts';
import { specsFolder } from './files.ts';
import type { Documentation, ProductId, ProductSpec } from './model.ts';

interface Specifications {
  readonly documentation: Documentation;
  readonly products: Readonly<Record<ProductId, ProductSpec>>;
}

interface Compiled extends Specifications {
  /** Of all files in `specs/`, with their names. */
  readonly sha256: string;
}

/** Beside `src/`: in `dist/`, where only compiled modules look for it. */
export const compiledFile = join(__dirname, '../../specifications.json');

/** Undefined if there are none, or if a file in `specs/` has changed since. */
export const compiledSpecifications = once((): Specifications | undefined => {
  try {
    const compiled = JSON.parse(readFileSync(compiledFile, 'utf8')) as Compiled;
    return compiled.sha256 === sha256() ? compiled : undefined;
  } catch {
    return undefined;
  }
});

/** What the file holds from then on. */
export function compiledFrom(read: () => Specifications): string {
  const before = sha256();
  return JSON.stringify({ sha256: before, ...read() } satisfies Compiled);
}

function sha256(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(specsFolder).sort()) hash.update(`${name}\n`).update(readFileSync(join(specsFolder, name)));
  return hash.digest('hex');
}
