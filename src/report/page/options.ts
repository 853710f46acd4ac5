/** What the front page is made from. */
import type { Documentation, ProductId, ProductSpec } from '../../specifications/model.ts';
import type { ChangesInWords } from '../changes.ts';
import type { Conformance, Run } from '../model.ts';

export interface FrontPageOptions {
  readonly run: Run;
  readonly conformance: Conformance;
  readonly documentation: Documentation;
  readonly products: Readonly<Record<ProductId, ProductSpec>>;
  /** What changed since an earlier run. */
  readonly changes?: ChangesInWords | undefined;
}
