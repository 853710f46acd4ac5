/** The text that every report contains. A key that occurs in it could not be searched for. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { causes } from '../recording/causes.ts';
import type { Documentation } from '../specifications/model.ts';
import { style } from './page/style.ts';

/** Reports contain alphabets for hex and base64, in the script of the page or of another reporter. */
const alphabets = '0123456789abcdefghijklmnopqrstuvwxyz 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** The scripts and styles of the page, and our own texts. */
export function blankReport(documentation: Documentation): string {
  const page = join(dirname(require.resolve('@allurereport/plugin-awesome')), 'static', 'report.tar');
  return [readFileSync(page, 'latin1'), alphabets, style, JSON.stringify(documentation), JSON.stringify(causes)].join('\n');
}
