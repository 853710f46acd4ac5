/** A call as data: the operation, the credentials, and the name of the credentials in reports. */
import type { Secret } from '../keys/secret.ts';
import type { Operation } from '../specifications/model.ts';

export interface Credentials {
  /** As reports show it: `Basic API : key, last character changed`. */
  readonly label: string;
  /** The value of the Authorization header; if undefined, none is sent. */
  readonly header: Secret | undefined;
  /** Basic credentials that decode (RFC 7617 section 2) and whose password is not the key. */
  readonly wrongKey: boolean;
}

export interface Call {
  readonly operation: Operation;
  readonly method: Operation['method'] | 'HEAD';
  readonly credentials: Credentials;
  /** Values for the operation's parameters, by name. Missing ones are taken from the specification's examples. */
  readonly values?: Readonly<Record<string, string>>;
  /** Another spelling of the operation's path and query, below the base URL. Sent unchanged. */
  readonly path?: string;
  /** In addition to those that every request has. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** A part of an operation's path, between slashes. */
export interface Segment {
  readonly text: string;
  /** The documentation spells it out; otherwise it holds an id. */
  readonly literal: boolean;
}

type Place = Pick<Call, 'operation' | 'values'>;

/** The path and query of a call, below the base URL. */
export const pathOf = (call: Call): string => call.path ?? joined(segmentsOf(call)) + queryOf(call);

/** The segments of an operation's path. */
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

/** The path of these segments: `/a/b`. */
export const joined = (segments: readonly Segment[]): string => segments.map(({ text }) => `/${text}`).join('');

/** The query of an operation, including the question mark; empty if it has none. */
export function queryOf({ operation, values }: Place): string {
  const query = operation.parameters.filter((each) => each.in === 'query').map((each) => `${each.name}=${given(each, values)}`);
  return query.length === 0 ? '' : `?${query.join('&')}`;
}

const given = (parameter: Operation['parameters'][number], values: Call['values'] = {}): string =>
  encodeURIComponent(values[parameter.name] ?? parameter.example);
