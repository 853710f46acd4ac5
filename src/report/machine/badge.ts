/** A badge in the "endpoint" form of shields.io. It never shows a percentage: a promise is kept or it is not. */
import { runVerdict } from '../../judge/verdict.ts';
import { type ProductId, productIds } from '../../specifications/model.ts';
import type { Conformance } from '../model.ts';
import { isKnownOn, verdictOn } from '../places.ts';

const colors = { conforms: 'brightgreen', violates: 'red', inconclusive: 'lightgrey' } as const;

/** On the embedded host it is gray and says why. */
export function badge({ verdict, target }: Pick<Conformance, 'verdict' | 'target'>): string {
  const isEmbedded = target.kind === 'embedded';
  const message = isEmbedded ? `embedded host: ${verdict}, says nothing about the real one` : verdict;
  const color = isEmbedded ? 'lightgrey' : colors[verdict];
  return `${JSON.stringify({ schemaVersion: 1, label: 'authentication', message, color })}\n`;
}

/** The badges of a site by file name: the newest run on a real host, if there is one, and likewise for each product. `runs`: the newest first. */
export function badgesOf(runs: readonly Conformance[]): Readonly<Record<string, string>> {
  const newest = (fits: (run: Conformance) => boolean): Conformance | undefined =>
    runs.find((run) => run.target.kind === 'own' && fits(run)) ?? runs.find(fits);
  const whole = newest(() => true);
  const ofProducts = productIds.flatMap((product): readonly (readonly [string, string])[] => {
    const run = newest(({ requirements }) => requirements.some(({ products }) => products[product] !== undefined));
    return run === undefined ? [] : [[`badge-${product}.json`, badge({ verdict: runVerdictOn(product, run), target: run.target })]];
  });
  return Object.fromEntries([...(whole === undefined ? [] : [['badge.json', badge(whole)] as const]), ...ofProducts]);
}

/** Of this product alone, without known differences; inconclusive if it keeps no promise that was checked. */
function runVerdictOn(product: ProductId, { requirements }: Conformance): Conformance['verdict'] {
  const judged = requirements.flatMap((entry) => {
    const verdict = verdictOn(entry, product);
    return verdict === undefined || isKnownOn(entry, product) ? [] : [{ level: entry.level, verdict }];
  });
  return runVerdict(judged, judged.filter(({ level, verdict }) => level === 'required' && verdict === 'conforms').length);
}
