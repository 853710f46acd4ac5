/** Validates a line of `allure/history.jsonl`, which may come from anywhere, against its schema. */
import { problemsOf } from './schema.ts';

/** Whether a parsed line fits the schema. */
export const isHistoryLine = (value: unknown): boolean => problemsOf('history', value).length === 0;
