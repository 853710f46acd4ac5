/** The file of a recording, which may come from anywhere, against the schema that its readers are given. */
import { sentence } from './problem.ts';
import { problemsOf } from './schema.ts';

/** What is wrong with a value as a file of a recording, one sentence each with the place; nothing where it fits. */
export const validateRecording = (value: unknown): string[] => problemsOf('recording', value).map(sentence);
