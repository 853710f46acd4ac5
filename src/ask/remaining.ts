/** How many calls of the second history are still to come, at most. */
import type { Attempt } from '../recording/refused.ts';

/** The most calls between two controls. */
export const blockSize = 9;

interface ToCome extends Pick<Attempt, 'resource' | 'username' | 'kind'> {
  readonly on?: 'used connection' | 'new connection';
}

/** Where a wrong key is tried. Another key in the same place shows whether the host mistook that one key or accepts any. */
export const placeOf = ({ resource, username }: Pick<Attempt, 'resource' | 'username'>): string => `${resource} ${username}`;

/**
 * The calls from `start` on, with everything that may be added: another key in each place without one, a first call on each used connection,
 * every control twice. Of the spellings that come last only the controls count.
 */
export function mostCalls(plan: readonly ToCome[], start: number, spellings: number): number {
  const rest = plan.slice(start);
  const withAnother = new Set(plan.filter(({ kind }) => kind === 'another key').map(placeOf));
  const places = plan.filter(({ username }) => username !== undefined).map(placeOf);
  const withoutAnother = new Set(places.filter((place) => !withAnother.has(place)));
  const attempts = rest.length + withoutAnother.size;
  const controls = 2 * (Math.ceil(attempts / blockSize) + Math.ceil(spellings / blockSize) + 2);
  return attempts + controls + rest.filter(({ on }) => on === 'used connection').length;
}
