/** A run as the reports see it. Every report is made from this, and this is made from recordings and results. */
import type { Result, Verdict } from '../judge/check.ts';
import type { RunVerdict } from '../judge/verdict.ts';
import type { KnownDifference } from '../known/known.ts';
import type { Cause } from '../recording/causes.ts';
import type { Level, ProductId } from '../specifications/model.ts';
import type { Timeline } from './timeline.ts';

/** A run that has ended, before its overall verdict. Plain data without secrets. */
export interface Run {
  /** The command that made it. */
  readonly command: 'conformance' | 'verify-reset';
  /** RUN_NAME, or undefined. */
  readonly name: string | undefined;
  readonly seed: number;
  readonly target: {
    readonly kind: 'embedded' | 'own';
    /** Base URL of each product that was tested. */
    readonly products: Readonly<Record<ProductId, string>>;
  };
  readonly results: readonly Result[];
  /** Requests sent to the products, including controls and repetitions. */
  readonly requests: number;
  /** How many of these carried Basic credentials that decode and whose password is not the key. */
  readonly wrongKeys: number;
  /** RFC 3339, in UTC. */
  readonly startedAt: string;
  /** From the start of the command to the last result, in ms. */
  readonly durationMs: number;
  /** The effective configuration by variable. For secrets it says only `set` or `not set`. */
  readonly configuration: readonly (readonly [name: string, value: string])[];
  /** The known differences of the team. */
  readonly known: readonly KnownDifference[];
  /** For a recording that was judged again: when it was made, and by which version of the suite. */
  readonly recorded?: { readonly at: string; readonly suite: string };
  /** When a reset by command began, in ms on the clock of the recording; undefined if no command reset the key. */
  readonly resetSince?: number;
  /** One for each product whose login after a reset was observed. */
  readonly timelines: readonly Timeline[];
}

/** What is wrong, or worth a note, with a requirement on a product: checks with the same finding are one. */
export interface Finding {
  readonly product?: ProductId;
  readonly check: string;
  readonly verdict: 'violates' | 'inconclusive' | 'noted';
  readonly cause?: Cause;
  readonly expected?: string;
  readonly actual?: string;
  readonly message: string;
  readonly known: boolean;
}

/** `REPORTS_DIR/conformance.json`; its JSON Schema is in `specs/`. */
export interface Conformance {
  readonly verdict: RunVerdict;
  readonly name: string;
  readonly seed: number;
  readonly target: Run['target'];
  readonly requirements: readonly {
    readonly id: string;
    readonly level: Level;
    readonly verdict: Verdict;
    readonly products: Readonly<Record<ProductId, Verdict>>;
    readonly checks: number;
    readonly findings: readonly Finding[];
    /** Why it was not run, and what it needs. */
    readonly needs?: string;
  }[];
  readonly checks: number;
  readonly requests: number;
  readonly wrongKeys: number;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly documentation: { readonly page: string; readonly sha256: string };
  readonly versions: { readonly suite: string; readonly node: string };
}
