/** A call as data: which operation, with which credentials, and what a report calls them. */
import type { Exchange } from '../evidence/index.ts';
import type { Secret } from '../secret/index.ts';
import type { Operation } from '../spec/index.ts';
import type { Outcome } from './outcome.ts';

export interface Credentials {
  /** What a report shows: `Basic API : key, last character changed`. */
  readonly label: string;
  /** The value of the Authorization header; undefined sends none. */
  readonly header: Secret | undefined;
  /** Basic credentials that decode (RFC 7617 section 2) and whose password is not the key. */
  readonly wrongKey: boolean;
}

export interface Call {
  readonly operation: Operation;
  readonly method: Operation['method'] | 'HEAD';
  readonly credentials: Credentials;
  /** Values for the parameters of the operation, by name; the specification's examples stand in for what is missing. */
  readonly values?: Readonly<Record<string, string>>;
  /** Beside those that every request has. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** One call with all the answers it got. */
export interface Trial {
  readonly exchanges: readonly Exchange[];
  readonly outcome: Outcome;
}

/** Path and query of a call, below the base URL. */
export function pathOf({ operation, values = {} }: Call): string {
  const given = (parameter: Operation['parameters'][number]): string => encodeURIComponent(values[parameter.name] ?? parameter.example);
  const path = operation.parameters
    .filter((each) => each.in === 'path')
    .reduce((soFar, each) => soFar.replace(`{${each.name}}`, given(each)), operation.path);
  const query = operation.parameters.filter((each) => each.in === 'query').map((each) => `${each.name}=${given(each)}`);
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}
