/** A badge as shields.io reads it from an address (its "endpoint" form). Never a percentage: a promise is kept or it is not. */
import type { Conformance } from '../model.ts';

const colours = { conforms: 'brightgreen', violates: 'red', inconclusive: 'lightgrey' } as const;

export const badge = ({ verdict }: Conformance): string =>
  `${JSON.stringify({ schemaVersion: 1, label: 'authentication', message: verdict, color: colours[verdict] })}\n`;
