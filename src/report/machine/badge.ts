/** A badge as shields.io reads it from an address (its "endpoint" form). Never a percentage: a promise is kept or it is not. */
import type { Conformance } from '../model.ts';

const colors = { conforms: 'brightgreen', violates: 'red', inconclusive: 'lightgrey' } as const;

/** Gray on the embedded host, and it says why. */
export function badge({ verdict, target }: Pick<Conformance, 'verdict' | 'target'>): string {
  const isEmbedded = target.kind === 'embedded';
  const message = isEmbedded ? `embedded host: ${verdict}, says nothing about the real one` : verdict;
  const color = isEmbedded ? 'lightgrey' : colors[verdict];
  return `${JSON.stringify({ schemaVersion: 1, label: 'authentication', message, color })}\n`;
}
