/** Describes what is wrong with a value: what was expected, and what the value is. */
import type { ErrorObject } from 'ajv';

/** The keys and indices that lead from the root to a part. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly path: Path;
  /** The key, if the problem is a key of the map there and not a value. */
  readonly key?: string;
  readonly text: string;
}

/** `paths./flows.get: must be an object` */
export const sentence = ({ path, text }: Problem): string => (path.length === 0 ? text : `${path.join('.')}: ${text}`);

/** Ajv's errors in our words, without those that only repeat others. */
export const problemsIn = (errors: readonly ErrorObject[]): Problem[] =>
  errors.filter(({ keyword }) => keyword !== 'if' && keyword !== 'propertyNames').map(problemIn);

function problemIn(error: ErrorObject): Problem {
  const path = error.instancePath.split('/').slice(1).map(unescapePointer);
  // For an error about a key's name, Ajv reports the place of the map.
  if (error.propertyName !== undefined) {
    return { path, key: error.propertyName, text: `the key "${error.propertyName}" is not allowed: it ${error.message}` };
  }
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params.additionalProperty);
    return { path, key, text: `unknown ${key.startsWith('x-') ? 'extension' : 'key'} "${key}"` };
  }
  return { path, text: textOf(error) };
}

function textOf({ keyword, params, message, data }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return `"${params.missingProperty}" is missing`;
    case 'dependentRequired':
      return `"${params.missingProperty}" is missing: "${params.property}" needs it`;
    case 'enum':
      return `expected one of ${params.allowedValues.join(', ')}, got ${shown(data)}`;
    case 'const':
      return `expected ${JSON.stringify(params.allowedValue)}, got ${shown(data)}`;
    case 'type':
      return `expected ${[params.type].flat().join(' or ')}, got ${shown(data)}`;
    default:
      return `${shown(data)} ${message}`;
  }
}

const unescapePointer = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
