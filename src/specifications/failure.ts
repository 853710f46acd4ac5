/** Reads `specs/authentication-failed.yaml`: the documented answer to a failed authentication. */
import type { DocumentedFailure } from './model.ts';
import { type Problem, sentence } from './problem.ts';
import { problemsOf, type Schema, validated } from './schema.ts';
import { Source } from './source.ts';

interface FailureFile {
  readonly 'x-status': number;
  readonly 'x-reason-phrase': string;
  readonly headers: Readonly<Record<string, { readonly schema: { readonly const: string } }>>;
  readonly content: Readonly<Record<string, { readonly schema: Schema; readonly example: string }>>;
}

/** @param file Named in error messages. @throws SpecError with every mistake in the text. */
export function parseFailure(text: string, file: string): DocumentedFailure {
  const source = new Source(text, file);
  const response = validated<FailureFile>(source, 'authentication-failed');
  // The schema of the file allows exactly one content type.
  const [contentType, { schema, example }] = Object.entries(response.content)[0] as [string, FailureFile['content'][string]];
  const problems = bodyProblems(schema, example).map((each) => ({ path: ['content', contentType, 'example'], text: sentence(each) }));
  if (problems.length > 0) throw source.error(problems);
  return {
    status: response['x-status'],
    reason: response['x-reason-phrase'],
    contentType,
    body: example,
    bodySchema: schema,
    headers: Object.entries(response.headers).map(([name, header]) => [name, header.schema.const]),
    elsewhere: [],
  };
}

function bodyProblems(schema: Schema, body: string): Problem[] {
  try {
    return problemsOf(schema, JSON.parse(body));
  } catch (error) {
    if (error instanceof SyntaxError) return [{ path: [], text: 'not JSON' }];
    throw error;
  }
}
