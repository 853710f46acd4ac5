/** The times of a reset over a site's runs: how fast each product switched to the new key, as a small chart and as a table. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isObject, readRecordings } from '../recording/read.ts';
import { minute } from '../report/headline.ts';
import { escaped } from '../report/page/escape.ts';
import { milliseconds, timelineOf } from '../report/timeline.ts';
import { type ProductId, productIds } from '../specifications/model.ts';
import { readJson } from './json-file.ts';

/** Of each product whose login was observed. Times are in ms after the login was answered; null where there was no such call. */
export type ResetTimes = Readonly<
  Partial<Record<ProductId, { readonly firstNewAccepted: number | null; readonly lastOldAccepted: number | null }>>
>;

/** In the folder of a run: the recording does not stay there. */
export const resetTimesName = 'reset-times.json';

/** From the recording of a run, a reports folder. @throws RecordingError */
export const resetTimesOf = (reports: string): ResetTimes =>
  Object.fromEntries(
    readRecordings(reports).flatMap(({ recording: { reset } }) => {
      const timeline = reset && timelineOf(reset);
      if (timeline === undefined) return [];
      const { product, firstNewAccepted = null, lastOldAccepted = null } = timeline;
      return [[product, { firstNewAccepted, lastOldAccepted }]];
    }),
  );

/** Undefined where the run has none; a sentence where the file cannot be used. */
export function readResetTimes(run: string): ResetTimes | undefined | string {
  const file = join(run, resetTimesName);
  if (!existsSync(file)) return undefined;
  const value = readJson(file);
  if ('problem' in value) return value.problem;
  return isResetTimes(value.json) ? value.json : `${file} is damaged: it does not hold the times of a reset.`;
}

/** No schema is published for this file: nothing but the page of a site reads it. */
const isResetTimes = (value: unknown): value is ResetTimes =>
  isObject(value) && Object.values(value).every((each) => isObject(each) && isTime(each.firstNewAccepted) && isTime(each.lastOldAccepted));

const isTime = (value: unknown): boolean => value === null || Number.isFinite(value);

interface Point {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly times: ResetTimes | undefined;
}

/** `runs`: of one target, the newest first. Empty where no run saw a login. */
export function resetTables(runs: readonly Point[]): string {
  const of = (product: ProductId): string => {
    const points = runs.flatMap(({ startedAt, times }) => {
      const found = times?.[product];
      return found === undefined ? [] : [{ startedAt, ...found }];
    });
    if (points.length === 0) return '';
    const shown = (ms: number | null): string => (ms === null ? 'never' : milliseconds(ms));
    const rows = points.map(
      ({ startedAt, firstNewAccepted, lastOldAccepted }) =>
        `<tr><th scope="row">${escaped(minute(startedAt))}</th><td>${shown(firstNewAccepted)}</td><td>${shown(lastOldAccepted)}</td></tr>`,
    );
    return `<figure>${plot(product, points.toReversed())}
<details><summary>${product}: the numbers</summary><table class="times"><thead><tr><th scope="col">run</th><th scope="col">new key first accepted</th><th scope="col">old key last accepted</th></tr></thead><tbody>${rows.join('')}</tbody></table></details></figure>`;
  };
  const figures = productIds.map(of).filter((each) => each !== '');
  return figures.length === 0
    ? ''
    : `<h3>Times of a reset, since the login was answered</h3>\n<div class="resets">${figures.join('\n')}</div>`;
}

const width = 360;
const height = 130;
const left = 64;

/** A mark for each run, the newest at the right. */
function plot(
  product: ProductId,
  points: readonly { readonly firstNewAccepted: number | null; readonly lastOldAccepted: number | null }[],
): string {
  const times = points.flatMap(({ firstNewAccepted, lastOldAccepted }) => [firstNewAccepted ?? 0, lastOldAccepted ?? 0]);
  const [low, high] = [Math.min(0, ...times.map(scaled)), Math.max(0, ...times.map(scaled))];
  const y = (ms: number): string => (24 + ((high - scaled(ms)) / Math.max(high - low, 0.1)) * (height - 50)).toFixed(1);
  const x = (index: number): string =>
    (left + 10 + (points.length === 1 ? 0 : (index / (points.length - 1)) * (width - left - 22))).toFixed(1);
  const marks = points.flatMap(({ firstNewAccepted, lastOldAccepted }, index) => [
    ...(lastOldAccepted === null
      ? []
      : [`<circle cx="${x(index)}" cy="${y(lastOldAccepted)}" r="3.5" fill="none" stroke="currentColor"/>`]),
    ...(firstNewAccepted === null ? [] : [`<circle cx="${x(index)}" cy="${y(firstNewAccepted)}" r="3" fill="currentColor"/>`]),
  ]);
  // Zero before the others, and none so near another that they cannot be read.
  const ticks = [0, Math.min(...times), Math.max(...times)]
    .filter((ms, index, all) => all.slice(0, index).every((other) => Math.abs(Number(y(other)) - Number(y(ms))) > 12))
    .map(
      (ms) =>
        `<path d="M${left} ${y(ms)}H${width - 6}" stroke="currentColor" stroke-opacity=".25"/><text x="${left - 6}" y="${Number(y(ms)) + 4}" text-anchor="end">${milliseconds(ms)}</text>`,
    );
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${product}: when the new key was first accepted and the old one last, by run" font-family="system-ui, sans-serif" font-size="11" fill="currentColor">
<text x="4" y="12" font-weight="bold">${product}</text>
${ticks.join('\n')}
${marks.join('')}
<text x="4" y="${height - 6}">● new key first accepted  ○ old key last accepted</text>
</svg>`;
}

/** Milliseconds beside minutes: the logarithm, with the sign kept. */
const scaled = (ms: number): number => Math.sign(ms) * Math.log10(1 + Math.abs(ms));
