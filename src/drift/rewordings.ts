/** Shows what changed between an earlier page and this one, word by word. */
import { diffWordsWithSpace } from 'diff';
import type { PageSection } from './page.ts';
import type { Passage } from './passages.ts';

export interface Rewording {
  /** The fingerprint of the old sentence. */
  readonly from: string;
  /** The fingerprint of the new sentence. */
  readonly to: string;
  /** `[-gone-]` and `{+new+}`, as in `git diff --word-diff`. Untrusted. */
  readonly text: string;
}

/** Pairs each removed sentence with the most similar new one. A pair shares at least a third of its words. */
export function rewordings(before: readonly PageSection[], after: readonly PageSection[]): readonly Rewording[] {
  const [old, now] = [before, after].map((page) => page.flatMap(({ passages }) => passages)) as [Passage[], Passage[]];
  const gone = old.filter(({ fingerprint }) => !now.some((each) => each.fingerprint === fingerprint));
  const left = new Set(now.filter(({ fingerprint }) => !old.some((each) => each.fingerprint === fingerprint)));
  return gone.flatMap((from): Rewording[] => {
    const [to] = [...left].filter(({ kind }) => kind === from.kind).sort((one, other) => likeness(from, other) - likeness(from, one));
    if (to === undefined || likeness(from, to) < 1 / 3) return [];
    left.delete(to);
    return [{ from: from.fingerprint, to: to.fingerprint, text: inWords(from.text, to.text) }];
  });
}

const wordsOf = ({ text }: Passage): ReadonlySet<string> => new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);

/** The share of their words that both have, from 0 to 1. */
function likeness(one: Passage, other: Passage): number {
  const [first, second] = [wordsOf(one), wordsOf(other)];
  const shared = [...first].filter((word) => second.has(word)).length;
  return shared / Math.max(1, first.size + second.size - shared);
}

const inWords = (from: string, to: string): string =>
  diffWordsWithSpace(from, to)
    .map(({ added, removed, value }) => (added ? `{+${value}+}` : removed ? `[-${value}-]` : value))
    .join('');
