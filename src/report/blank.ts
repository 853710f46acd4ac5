/** What every report holds, whatever came out: a key that occurs in it could not be searched for. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Documentation } from '../spec/index.ts';
import { causes } from '../verdict/index.ts';

/** The page's program and styles, and our own words. */
export function blankReport(documentation: Documentation): string {
  const page = join(dirname(require.resolve('@allurereport/plugin-awesome')), 'static', 'report.tar');
  return [readFileSync(page, 'latin1'), JSON.stringify(documentation), JSON.stringify(causes)].join('\n');
}
