/**
 * Histories as JSON and back. An exchange is stored once, as an entry of the file, and histories refer to it by number, because it may belong
 * to several rows. Values that JSON lacks are replaced: undefined by null, and the end of a login that was never answered by "never".
 */
import type { Exchange } from './exchange.ts';
import { RecordingError } from './recording-error.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [member: string]: Json };

/** The member with the exchanges of a call in a history, and the member with the numbers of their entries in a file. */
const exchangesName = 'exchanges';
const entriesName = 'entries';
/** The one member that may be infinite, and how that is stored. */
const endName = 'endedAt';
const never = 'never';

/** All exchanges in a value, in its order. One that belongs to several rows comes several times. */
export function* exchangesIn(value: unknown): Generator<Exchange> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, each] of Object.entries(value)) {
    if (name === exchangesName) yield* each as readonly Exchange[];
    else yield* exchangesIn(each);
  }
}

/** The index of each of these exchanges. */
export function numbering(exchanges: readonly Exchange[]): (exchange: Exchange) => number {
  const numbers = new Map(exchanges.map((each, index) => [each, index]));
  return (exchange) => numbers.get(exchange) as number;
}

/** A history, or a part of one, as JSON. @throws Error for a value that JSON cannot hold, so that nothing is lost unnoticed. */
export function stored(value: unknown, numberOf: (exchange: Exchange) => number): Json {
  if (value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((each) => stored(each, numberOf));
  if (typeof value !== 'object' || value === null) throw new Error(`A recording cannot store ${String(value)}.`);
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (name === exchangesName) return [entriesName, (each as readonly Exchange[]).map(numberOf)];
      if (name === endName && each === Number.POSITIVE_INFINITY) return [name, never];
      return [name, stored(each, numberOf)];
    }),
  );
}

/** Restores a stored value. An exchange becomes the same object everywhere it belongs. The caller names the type that the schema describes. */
export function restored<T>(value: Json, exchanges: readonly Exchange[]): T {
  return back(value, exchanges) as T;
}

function back(value: Json, exchanges: readonly Exchange[]): unknown {
  if (value === null) return undefined;
  if (typeof value !== 'object') return value;
  if (isList(value)) return value.map((each) => back(each, exchanges));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => {
      if (name === entriesName) return [exchangesName, (each as readonly number[]).map((number) => at(number, exchanges))];
      if (name === endName && each === never) return [name, Number.POSITIVE_INFINITY];
      return [name, back(each, exchanges)];
    }),
  );
}

function at(number: number, exchanges: readonly Exchange[]): Exchange {
  const exchange = exchanges[number];
  if (exchange === undefined)
    throw new RecordingError(`is damaged: it refers to entry ${number}, but has only ${exchanges.length} entries.`);
  return exchange;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);
