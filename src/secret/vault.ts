/** The secrets that are known at the moment; a reset adds to them. */
import { createMasker, type Mask } from './masker.ts';
import { createSearcher, type Searcher } from './searcher.ts';
import type { Secret } from './secret.ts';

export interface Vault {
  add(secret: Secret): void;
  readonly secrets: readonly Secret[];
  /** Whether one of them, or a run of it that counts, stands in the text. */
  finds(text: string): boolean;
  /** The text with each of them masked. */
  mask(text: string): string;
}

export function createVault(): Vault {
  const secrets: Secret[] = [];
  // Made when they are needed: keys are added several at a time.
  let ready: { readonly searcher: Searcher; readonly mask: Mask } | undefined;
  const prepared = () => {
    ready ??= { searcher: createSearcher(secrets), mask: createMasker(secrets) };
    return ready;
  };
  return {
    secrets,
    add: (secret) => {
      if (secrets.some((each) => each.equals(secret))) return;
      secrets.push(secret);
      ready = undefined;
    },
    finds: (text) => prepared().searcher.finds(text),
    mask: (text) => prepared().mask(text),
  };
}
