/** What one check found, and the verdict of all the checks that a requirement has on a product. */

import type { Cause } from '../recording/causes.ts';
import type { Exchange } from '../recording/exchange.ts';
import type { Level, ProductId } from '../specifications/model.ts';

/**
 * Of a requirement on a product, worst first. `noted` is for lower levels only, `not-run` carries what it needs.
 */
export const verdicts = ['violates', 'inconclusive', 'noted', 'conforms', 'not-run'] as const;
export type Verdict = (typeof verdicts)[number];

interface Row {
  /** The row of a table that was checked, as a report shows it; unique within a requirement on a product. */
  readonly name: string;
  /** The exchanges that the finding rests on, in the order in which they were sent. */
  readonly evidence: readonly Exchange[];
}

/** Two texts as they are, which a report may mark where they differ. */
export interface Literals {
  readonly expected: string;
  readonly actual: string;
}

/** One check with its outcome. Each outcome carries what it owes to the reader. */
export type Check = Row &
  (
    | { readonly verdict: 'conforms' }
    | {
        readonly verdict: 'violates' | 'noted';
        readonly expected: string;
        readonly actual: string;
        readonly message: string;
        /** The bad credential that was let in, by its name: however many checks show it, it is one finding. */
        readonly credential?: string;
        /** Where two texts were compared to the letter. Without it, expected and actual are sentences. */
        readonly literals?: Literals;
      }
    | { readonly verdict: 'inconclusive'; readonly cause: Cause; readonly message: string }
  );

/** What a requirement came to on a product (or on the account, where it belongs to no single product). */
export type Judgement =
  | { readonly kind: 'checked'; readonly checks: readonly Check[] }
  | { readonly kind: 'not-run'; readonly needs: string }
  /** The requirement says nothing about this product: no entry in any report. */
  | { readonly kind: 'not-applicable' };

export type Checked = Extract<Judgement, { kind: 'checked' }>;

export const conforms = (name: string, evidence: readonly Exchange[]): Check => ({ name, evidence, verdict: 'conforms' });

type Differing = Extract<Check, { readonly expected: string }>;

/** `message` is one sentence; it is composed from expected and actual where none is given. */
const differs =
  (verdict: 'violates' | 'noted') =>
  (name: string, evidence: readonly Exchange[], expected: string, actual: string, message?: string): Differing => ({
    name,
    evidence,
    verdict,
    expected,
    actual,
    message: message ?? `expected ${expected}, got ${actual}`,
  });
export const violates = differs('violates');
export const noted = differs('noted');

/** Of each literal text that is kept, in characters: what is documented is shorter, so a difference is found before. */
const literalLimit = 1000;

/** The check of two texts that were compared to the letter. */
export const comparing = (expected: string, actual: string, check: Differing): Check => ({
  ...check,
  literals: { expected: expected.slice(0, literalLimit), actual: actual.slice(0, literalLimit) },
});

/** A bad credential, by its name, that got in. */
export const letIn = (name: string, evidence: readonly Exchange[], credential: string, actual: string, message: string): Check => ({
  name,
  evidence,
  verdict: 'violates',
  expected: 'a refusal',
  actual,
  message,
  credential,
});

export const inconclusive = (name: string, evidence: readonly Exchange[], cause: Cause, message: string): Check => ({
  name,
  evidence,
  verdict: 'inconclusive',
  cause,
  message,
});

/** The verdict of a requirement on a product: its worst check. A requirement that was to be checked and had no check cannot tell. */
export function verdictOf(judgement: Checked | Extract<Judgement, { kind: 'not-run' }>, level: Level): Verdict {
  if (judgement.kind === 'not-run') return 'not-run';
  const seen = new Set(judgement.checks.map((check) => check.verdict));
  if (seen.has('violates')) return 'violates';
  if (seen.has('inconclusive') || seen.size === 0) return 'inconclusive';
  // A required requirement with noted findings conforms: what is noted is worth knowing and breaks no promise.
  return seen.has('noted') && level !== 'required' ? 'noted' : 'conforms';
}

/** What one test recorded: a requirement judged on a product, or on the account as a whole. */
export interface Result {
  readonly requirement: string;
  readonly product: ProductId | 'account';
  readonly judgement: Judgement;
}
