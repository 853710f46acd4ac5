/**
 * What was seen of a reset so far, in `.verify-reset.json`, so that it can be left and taken up again. It holds no key: two keys are
 * recognized by a keyed hash. Times are in ms since 1970.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyedHash, type Secret } from '../../keys/secret.ts';
import type { Vault } from '../../keys/vault.ts';
import { isFolder, storageProblem } from '../../publish/storage-problem.ts';
import { type RunFacts, toAccountHar } from '../../recording/har.ts';
import type { Moment, Probe } from '../../recording/reset.ts';
import type { ProductId } from '../../specifications/model.ts';
import { validateRecording } from '../../specifications/recording.ts';

interface Remembered {
  readonly version: 1;
  readonly salt: string;
  readonly oldKey: string | null;
  readonly newKey: string;
  /** Base URLs by product. */
  readonly products: Readonly<Record<ProductId, string>>;
  readonly loggedIn: Readonly<Record<ProductId, number>>;
  readonly probes: readonly Probe[];
}

export interface Memory {
  /** On the monotonic clock of this run, in ms. */
  readonly earlier: readonly Probe[];
  readonly loggedIn: Readonly<Record<ProductId, number>>;
  /** When the first call was made, as a date; undefined where this is the beginning. */
  readonly since: Date | undefined;
  /** Why the last `save` wrote nothing, in a sentence: what is watched goes on, only it cannot be taken up again. */
  readonly problem: string | undefined;
  save(probes: readonly Probe[], loggedIn: Readonly<Record<ProductId, number>>): void;
  /** There is nothing left to go on with. */
  forget(): void;
}

export interface MemoryOptions {
  readonly folder: string;
  readonly oldKey: Secret | undefined;
  readonly newKey: Secret;
  readonly products: Remembered['products'];
  readonly vault: Vault;
}

const name = '.verify-reset.json';

/** Whether the watch of a reset was left in this folder. */
export const isRemembered = (folder: string): boolean => read(join(folder, name)) !== undefined;

/** A file about another reset, with other keys or hosts, is ignored and written over. */
export function openMemory({ folder, oldKey, newKey, products, vault }: MemoryOptions): Memory {
  const file = join(folder, name);
  const offset = Date.now() - performance.now();
  const before = read(file);
  const isSame =
    before !== undefined &&
    before.newKey === keyedHash(newKey, before.salt) &&
    before.oldKey === (oldKey === undefined ? null : keyedHash(oldKey, before.salt)) &&
    JSON.stringify(before.products) === JSON.stringify(products) &&
    isWhole(before);
  const salt = isSame ? before.salt : randomBytes(16).toString('hex');
  let problem: string | undefined;
  const first = isSame ? before.probes[0]?.trial.exchanges[0]?.startedAt : undefined;
  return {
    earlier: isSame ? before.probes.map((each) => moved(each, -offset)) : [],
    loggedIn: isSame ? shifted(before.loggedIn, -offset) : {},
    since: first === undefined ? undefined : new Date(first),
    get problem() {
      return problem;
    },
    save(probes, loggedIn) {
      const whole: Remembered = {
        version: 1,
        salt,
        oldKey: oldKey === undefined ? null : keyedHash(oldKey, salt),
        newKey: keyedHash(newKey, salt),
        products,
        loggedIn: shifted(loggedIn, offset),
        probes: withoutRepeats(probes).map((each) => moved(each, offset)),
      };
      // Moved into place whole; whatever of a key a host has given back is masked in it as everywhere.
      try {
        writeFileSync(`${file}.new`, vault.mask(JSON.stringify(whole)), { mode: 0o600 });
        renameSync(`${file}.new`, file);
        problem = undefined;
      } catch (error) {
        const obstacle = [`${file}.new`, file].find(isFolder);
        const reason =
          obstacle === undefined
            ? storageProblem(error, [{ folder, variable: undefined }])
            : `${obstacle} is a folder. Move it, then run again.`;
        if (reason === undefined) throw error;
        remove(`${file}.new`);
        problem = `A later start cannot continue from here: ${reason}`;
      }
    },
    forget: () => remove(file),
  };
}

/** A folder of this name is not ours. */
function remove(file: string): void {
  if (!isFolder(file)) rmSync(file, { force: true });
}

function read(file: string): Remembered | undefined {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Remembered>;
    return value.version === 1 && Array.isArray(value.probes) && typeof value.salt === 'string' ? (value as Remembered) : undefined;
  } catch {
    // None yet, or not ours: watching starts over.
    return undefined;
  }
}

/** A recording is made of it in the end, so it must be what a recording can hold. If the file is damaged, watching starts over. */
function isWhole({ products, loggedIn, probes }: Remembered): boolean {
  try {
    const moments = Object.entries(loggedIn).map(([product, at]): Moment => {
      if (Number.isNaN(new Date(at).getTime())) throw new RangeError('no time');
      return { kind: 'login', product: product as ProductId, startedAt: at, endedAt: at };
    });
    const isForeign = ({ product }: Pick<Probe, 'product'>): boolean => !Object.hasOwn(products, product);
    return !probes.some(isForeign) && validateRecording(toAccountHar({ facts: noFacts, reset: { moments, probes } })).length === 0;
  } catch {
    return false;
  }
}

/** Times in the file are of the wall clock. */
const noFacts: RunFacts = {
  suite: 'remembered',
  command: 'verify-reset',
  name: undefined,
  startedAt: new Date(0).toISOString(),
  clockZero: 0,
  kind: 'own',
  seed: 0,
  configuration: [],
  requirements: [],
  products: [],
};

/** Of equal answers in a row to a key, the first and the last: a long wait must not make a long file. */
function withoutRepeats(probes: readonly Probe[]): readonly Probe[] {
  const place = ({ product, key }: Probe): string => `${product} ${key}`;
  return probes.filter((probe, index) => {
    const before = probes.slice(0, index).findLast((each) => place(each) === place(probe));
    const after = probes.slice(index + 1).find((each) => place(each) === place(probe));
    return before?.trial.outcome.kind !== probe.trial.outcome.kind || after?.trial.outcome.kind !== probe.trial.outcome.kind;
  });
}

const moved = ({ trial, ...probe }: Probe, ms: number): Probe => ({
  ...probe,
  trial: { ...trial, exchanges: trial.exchanges.map((each) => ({ ...each, startedAt: each.startedAt + ms })) },
});

const shifted = (times: Remembered['loggedIn'], ms: number): Remembered['loggedIn'] =>
  Object.fromEntries(Object.entries(times).map(([product, at]) => [product, at + ms]));
