/** What every report holds, whatever came out: a key that occurs in it could not be searched for. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { causes } from '../recording/causes.ts';
import type { Documentation } from '../specifications/model.ts';
import { style } from './page/style.ts';

/** Digits and letters in their order stand in tables for hex and base64, in this page's program or in that of another reporter. */
const alphabets = '0123456789abcdefghijklmnopqrstuvwxyz 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The page's program and styles, and our own words. */
export function blankReport(documentation: Documentation): string {
  const page = join(dirname(require.resolve('@allurereport/plugin-awesome')), 'static', 'report.tar');
  return [readFileSync(page, 'latin1'), alphabets, style, JSON.stringify(documentation), JSON.stringify(causes)].join('\n');
}
