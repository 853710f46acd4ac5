/** Validates a recording's file, which may come from anywhere, against its published schema. */
import { sentence } from './problem.ts';
import { problemsOf } from './schema.ts';

/** What is wrong with a value as a recording's file: one sentence per problem, with its place. Empty if the value is valid. */
export const validateRecording = (value: unknown): string[] => problemsOf('recording', value).map(sentence);
