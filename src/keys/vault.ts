/** The secrets known so far. A reset adds one. */
import { createMasker, type Mask } from './masker.ts';
import { createSearcher, type Searcher } from './searcher.ts';
import type { Secret } from './secret.ts';

export interface Vault {
  add(secret: Secret): void;
  readonly secrets: readonly Secret[];
  /** Whether the text contains one of them, or a run of it that counts. */
  finds(text: string): boolean;
  /** The text with all of them masked. */
  mask(text: string): string;
}

/** Limits on the cached results: the length of a text, in characters, and their number. */
const longestKnown = 4096;
const mostKnown = 2000;

/** Empty: it finds and masks nothing until a key is added. */
export function createVault(): Vault {
  const secrets: Secret[] = [];
  // Created on demand, because keys are added several at a time.
  let ready: { readonly searcher: Searcher; readonly mask: Mask } | undefined;
  const prepared = () => {
    ready ??= { searcher: createSearcher(secrets), mask: createMasker(secrets) };
    return ready;
  };
  // Hundreds of requests and answers are the same.
  const known = new Map<string, boolean>();
  const finds = (text: string): boolean => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const found = prepared().searcher.finds(text);
    if (text.length < longestKnown && known.size < mostKnown) known.set(text, found);
    return found;
  };
  return {
    secrets,
    add: (secret) => {
      if (secrets.some((each) => each.equals(secret))) return;
      secrets.push(secret);
      ready = undefined;
      known.clear();
    },
    finds,
    mask: (text) => (finds(text) ? prepared().mask(text) : text),
  };
}
