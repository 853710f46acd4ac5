/** Validates values against the JSON Schemas in `specs/` and those inside the specifications. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ajv2020 } from 'ajv/dist/2020';
import { once } from '../once.ts';
import { specsFolder } from './files.ts';
import { productIds } from './model.ts';
import { type Problem, problemsIn } from './problem.ts';
import type { Source } from './source.ts';

export type SchemaName =
  | 'authentication'
  | 'authentication-failed'
  | 'openapi-product'
  | 'conformance'
  | 'known-differences'
  | 'recording'
  | 'history';
export type Schema = Readonly<Record<string, unknown>>;

// Loaded on demand, because that takes 0.06 s. Our schemas are small and used once, so the generated code is not optimized, and only the
// proof validates the schemas themselves: either would double the time.
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

/** A schema of `specs/`. In place of its definition of a product, which describes any id, it gets the ids that there are. */
function schemaOf(name: SchemaName): Schema {
  const known = named.get(name);
  if (known !== undefined) return known;
  const schema: Schema & { readonly $defs?: Schema } = JSON.parse(readFileSync(join(specsFolder, `${name}.schema.json`), 'utf8'));
  const completed = schema.$defs?.product === undefined ? schema : { ...schema, $defs: { ...schema.$defs, product: { enum: productIds } } };
  named.set(name, completed);
  return completed;
}

/** How a value violates a schema. Empty if it is valid. */
export function problemsOf(schema: SchemaName | Schema, value: unknown): Problem[] {
  const validate = ajv().compile(typeof schema === 'string' ? schemaOf(schema) : schema);
  return validate(value) ? [] : problemsIn(validate.errors ?? []);
}

/** The value of a file, validated. The caller names the type that the schema describes. @throws SpecError with every mistake. */
export function validated<T>(source: Source, schema: SchemaName): T {
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
