/** Which requirements are judged on what: by `--grep`, `--grep-invert` and `--project`. */
import { requirementsOn, type Selected } from '../judge/judges.ts';
import type { ProductId } from '../specifications/model.ts';

export interface Selection {
  readonly grep: string | undefined;
  readonly grepInvert: string | undefined;
  /** Products and `account`; empty: all. */
  readonly projects: readonly string[];
}

/** What `--grep`, `--grep-invert` and `--project` leave of all requirements on these products and on the account. */
export function selectionOf(products: readonly ProductId[], { grep, grepInvert, projects }: Selection): readonly Selected[] {
  const [wanted, unwanted] = [grep, grepInvert].map((each) => (each === undefined ? undefined : expressionOf(each)));
  return requirementsOn(products).filter(
    ({ requirement, product }) =>
      (projects.length === 0 || projects.includes(product)) && (wanted?.test(requirement) ?? true) && !unwanted?.test(requirement),
  );
}

/** As Playwright reads it: bare, or between slashes with flags; ignores case unless flags say otherwise. @throws SyntaxError */
export function expressionOf(text: string): RegExp {
  const [, source, flags] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
  return source === undefined ? new RegExp(text, 'i') : new RegExp(source, (flags ?? '').replace(/[gy]/g, ''));
}

/** The same for Playwright, which matches it against file, title and tags of a test. */
export function grepFor(selected: readonly Selected[]): string {
  const titles = selected.map(({ requirement, product }) =>
    product === 'account' ? `${requirement} @account` : `${requirement} › ${product}`,
  );
  return `\\b(?:${titles.length === 0 ? 'nothing that is called so' : titles.join('|')})(?=\\s|$)`;
}
