/** `conformance.json`, which leaves the suite, against the schema that its readers are given. */
import { sentence } from './problem.ts';
import { problemsOf } from './schema.ts';

/** What is wrong with a value as `conformance.json`, one sentence each with the place; nothing where it fits. */
export const validateConformance = (value: unknown): string[] => problemsOf('conformance', value).map(sentence);
