/** A badge in the "endpoint" form of shields.io. It never shows a percentage: a promise is kept or it is not. */
import type { Conformance } from '../model.ts';

const colors = { conforms: 'brightgreen', violates: 'red', inconclusive: 'lightgrey' } as const;

/** On the embedded host it is gray and says why. */
export function badge({ verdict, target }: Pick<Conformance, 'verdict' | 'target'>): string {
  const isEmbedded = target.kind === 'embedded';
  const message = isEmbedded ? `embedded host: ${verdict}, says nothing about the real one` : verdict;
  const color = isEmbedded ? 'lightgrey' : colors[verdict];
  return `${JSON.stringify({ schemaVersion: 1, label: 'authentication', message, color })}\n`;
}
