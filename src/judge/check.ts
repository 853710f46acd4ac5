/** What one check found, and the verdict that follows from all checks of a requirement on a product. */

import type { Cause } from '../recording/causes.ts';
import type { Exchange } from '../recording/exchange.ts';
import type { Level, ProductId } from '../specifications/model.ts';

/**
 * The verdicts of a requirement on a product, worst first. `noted` exists only below the level `required`; `not-run` says what it needs.
 */
export const verdicts = ['violates', 'inconclusive', 'noted', 'conforms', 'not-run'] as const;
export type Verdict = (typeof verdicts)[number];

interface Row {
  /** The name of the row that was checked, as reports show it; unique within a requirement on a product. */
  readonly name: string;
  /** The exchanges that the finding is based on, in the order in which they were sent. */
  readonly evidence: readonly Exchange[];
}

/** The two compared texts, unchanged, so that a report can mark their differences. */
export interface Literals {
  readonly expected: string;
  readonly actual: string;
}

/** One check with its outcome. Each outcome carries what the reader needs to understand it. */
export type Check = Row &
  (
    | { readonly verdict: 'conforms' }
    | {
        readonly verdict: 'violates' | 'noted';
        readonly expected: string;
        readonly actual: string;
        readonly message: string;
        /** The name of the bad credential that was accepted. It is one finding, however many checks show it. */
        readonly credential?: string;
        /** Set if two texts were compared literally. Otherwise `expected` and `actual` are descriptions. */
        readonly literals?: Literals;
      }
    | { readonly verdict: 'inconclusive'; readonly cause: Cause; readonly message: string }
  );

/** The result of a requirement on a product (or on the account, if it belongs to no single product). */
export type Judgement =
  | { readonly kind: 'checked'; readonly checks: readonly Check[] }
  | { readonly kind: 'not-run'; readonly needs: string }
  /** The requirement does not apply to this product: no report has an entry for it. */
  | { readonly kind: 'not-applicable' };

export type Checked = Extract<Judgement, { kind: 'checked' }>;

/** A check whose answer was as promised. */
export const conforms = (name: string, evidence: readonly Exchange[]): Check => ({ name, evidence, verdict: 'conforms' });

type Differing = Extract<Check, { readonly expected: string }>;

/** `message` is one sentence. By default it is made from `expected` and `actual`. */
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
/** A check whose answer breaks the promise. */
export const violates = differs('violates');
/** A check whose answer differs from what is documented without breaking a promise. */
export const noted = differs('noted');

/** How much of each literal text is kept, in characters. Documented texts are shorter, so the first difference is always included. */
const literalLimit = 1000;

/** A check of two texts that were compared literally. */
export const comparing = (expected: string, actual: string, check: Differing): Check => ({
  ...check,
  literals: { expected: expected.slice(0, literalLimit), actual: actual.slice(0, literalLimit) },
});

/** A bad credential was accepted. */
export const letIn = (name: string, evidence: readonly Exchange[], credential: string, actual: string, message: string): Check => ({
  name,
  evidence,
  verdict: 'violates',
  expected: 'a refusal',
  actual,
  message,
  credential,
});

/** A check that proves nothing. `cause` says why, and what to do; `message` says what was seen here. */
export const inconclusive = (name: string, evidence: readonly Exchange[], cause: Cause, message: string): Check => ({
  name,
  evidence,
  verdict: 'inconclusive',
  cause,
  message,
});

/** The verdict of a requirement on a product: its worst check. A requirement that ran but has no check is inconclusive. */
export function verdictOf(judgement: Checked | Extract<Judgement, { kind: 'not-run' }>, level: Level): Verdict {
  if (judgement.kind === 'not-run') return 'not-run';
  const seen = new Set(judgement.checks.map((check) => check.verdict));
  if (seen.has('violates')) return 'violates';
  if (seen.has('inconclusive') || seen.size === 0) return 'inconclusive';
  // A required requirement with noted findings conforms: a noted difference breaks no promise.
  return seen.has('noted') && level !== 'required' ? 'noted' : 'conforms';
}

/** The result of one test: a requirement judged on a product, or on the account as a whole. */
export interface Result {
  readonly requirement: string;
  readonly product: ProductId | 'account';
  readonly judgement: Judgement;
}
