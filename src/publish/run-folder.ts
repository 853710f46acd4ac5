/** The name of a run's folder on a site: the same for the same run, whenever it is added. */
import { createHash } from 'node:crypto';
import type { Conformance } from '../report/model.ts';

/** `conformance`: the text of the run's `conformance.json`. */
export function runFolder({ startedAt }: Pick<Conformance, 'startedAt'>, conformance: string): string {
  return `${startedAt.slice(0, 19).replaceAll(':', '')}-${createHash('sha256').update(conformance).digest('hex').slice(0, 6)}`;
}
