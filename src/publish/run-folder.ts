/** The name of a run's folder on a site: the same for the same run, whenever it is added, and also when it was judged again. */
import { createHash } from 'node:crypto';
import type { Conformance } from '../report/model.ts';

/** Begins with the start of the run, so that names sort by time. */
export function runFolder({ startedAt, seed }: Pick<Conformance, 'startedAt' | 'seed'>): string {
  return `${startedAt.slice(0, 19).replaceAll(':', '')}-${createHash('sha256').update(`${startedAt} ${seed}`).digest('hex').slice(0, 6)}`;
}
