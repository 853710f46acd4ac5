/** Validates `conformance.json` against its published schema. */
import { sentence } from './problem.ts';
import { problemsOf } from './schema.ts';

/** What is wrong with a value as `conformance.json`: one sentence per problem, with its place. Empty if the value is valid. */
export const validateConformance = (value: unknown): string[] => problemsOf('conformance', value).map(sentence);
