/** The JSON Schemas of `specs/`, and those that stand inside the specifications. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ajv2020 } from 'ajv/dist/2020';
import { once } from './once.ts';
import { type Problem, problemsIn } from './problem.ts';
import type { Source } from './source.ts';

/** Where the specifications are. */
export const specsFolder = join(__dirname, '../../specs');

export type SchemaName = 'authentication' | 'authentication-failed' | 'openapi-product' | 'conformance' | 'known-differences' | 'recording';
export type Schema = Readonly<Record<string, unknown>>;

// Loaded by whoever reads a specification, as it takes 0.06 s. Our schemas are small and used once, so the code made of them is not
// optimised, and it is for the proof to hold them against their own meta-schema: either would double the time.
const ajv = once((): Ajv2020 => {
  const { Ajv2020 } = require('ajv/dist/2020') as typeof import('ajv/dist/2020');
  return new Ajv2020({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    strictRequired: false,
    meta: false,
    validateSchema: false,
    inlineRefs: false,
    formats: { regex: isRegex },
    code: { optimize: false },
  });
});
const named = new Map<SchemaName, Schema>();

function schemaOf(name: SchemaName): Schema {
  const schema: Schema = named.get(name) ?? JSON.parse(readFileSync(join(specsFolder, `${name}.schema.json`), 'utf8'));
  named.set(name, schema);
  return schema;
}

/** What a value has against a schema; nothing where it fits. */
export function problemsOf(schema: SchemaName | Schema, value: unknown): Problem[] {
  const validate = ajv().compile(typeof schema === 'string' ? schemaOf(schema) : schema);
  return validate(value) ? [] : problemsIn(validate.errors ?? []);
}

/** The value of a file that fits its schema. The caller names the type that the schema describes. */
export function fitting<T>(source: Source, schema: SchemaName): T {
  const problems = problemsOf(schema, source.value);
  if (problems.length > 0) throw source.error(problems);
  return source.value as T;
}

function isRegex(text: string): boolean {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}
