/** A call as data: which operation, with which credentials, and what a report calls them. */
import type { Secret } from '../keys/secret.ts';
import type { Operation } from '../specifications/model.ts';

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
  /** Sent as it is in the place of the operation's own path and query, below the base URL: another spelling of them. */
  readonly path?: string;
  /** Beside those that every request has. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** A part of an operation's path, between slashes. */
export interface Segment {
  readonly text: string;
  /** Spelled out in the documentation; others hold an id. */
  readonly literal: boolean;
}

type Place = Pick<Call, 'operation' | 'values'>;

/** Path and query of a call, below the base URL. */
export const pathOf = (call: Call): string => call.path ?? joined(segmentsOf(call)) + queryOf(call);

/** The path of an operation, without the slash that it begins with. */
export function segmentsOf({ operation, values }: Place): readonly Segment[] {
  const filled = (template: string): string =>
    operation.parameters
      .filter((each) => each.in === 'path')
      .reduce((soFar, each) => soFar.replace(`{${each.name}}`, given(each, values)), template);
  return operation.path
    .slice(1)
    .split('/')
    .map((template) => ({ text: filled(template), literal: !template.includes('{') }));
}

export const joined = (segments: readonly Segment[]): string => segments.map(({ text }) => `/${text}`).join('');

/** The query of an operation with its question mark; empty where it has none. */
export function queryOf({ operation, values }: Place): string {
  const query = operation.parameters.filter((each) => each.in === 'query').map((each) => `${each.name}=${given(each, values)}`);
  return query.length === 0 ? '' : `?${query.join('&')}`;
}

const given = (parameter: Operation['parameters'][number], values: Call['values'] = {}): string =>
  encodeURIComponent(values[parameter.name] ?? parameter.example);
