import type { Attempt } from '../recording/refused.ts';
/** What is still to come of the second history: how many calls at most. */

/** Calls between two controls, at most. */
export const blockSize = 9;

interface ToCome extends Pick<Attempt, 'resource' | 'username' | 'kind'> {
  readonly on?: 'used connection' | 'new connection';
}

/** Where a wrong key is tried: another one there tells whether it is that key that was mistaken, or any that does. */
export const placeOf = ({ resource, username }: Pick<Attempt, 'resource' | 'username'>): string => `${resource} ${username}`;

/** From `start` on, with all that may follow: another key at each place that has none, a call ahead on a used connection, every control twice. */
export function mostCalls(plan: readonly ToCome[], start: number): number {
  const rest = plan.slice(start);
  const withAnother = new Set(plan.filter(({ kind }) => kind === 'another key').map(placeOf));
  const places = plan.filter(({ username }) => username !== undefined).map(placeOf);
  const withoutAnother = new Set(places.filter((place) => !withAnother.has(place)));
  const attempts = rest.length + withoutAnother.size;
  const controls = 2 * (Math.ceil(attempts / blockSize) + 2);
  return attempts + controls + rest.filter(({ on }) => on === 'used connection').length;
}
