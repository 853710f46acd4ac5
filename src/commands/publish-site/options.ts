/** The options of `publish-site`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../../configuration/usage.ts';
import { called } from '../../report/called.ts';
import { helpText, notAnOption, repeatedIn } from '../help.ts';

export interface PublishSiteOptions {
  /** As it was typed. */
  readonly site: string;
  readonly keep: number;
  readonly keepRecordings: number;
}

export const help = helpText({
  usage: called('publish-site', ['DIR', '[options]']),
  purpose:
    'Adds the last run with its reports to the web site in the folder DIR, at the top of its list. Only what was searched for keys is added.',
  options: [
    ['--keep N', 'How many runs to keep; the oldest are removed. Default: 20.'],
    ['--keep-recordings N', 'How many of these keep their recordings. Default: 5.'],
  ],
  exitCodes: [
    [0, 'Added.'],
    [2, 'The options are wrong, there is no run to add, or DIR has a page of its own.'],
    [4, 'The search for keys failed, or the folder cannot be written. Nothing was added.'],
    [5, 'A key was found. Nothing was added.'],
  ],
  examples: [called('publish-site', ['public', '--keep', '50'])],
});

const known = { keep: { type: 'string' }, 'keep-recordings': { type: 'string' } } as const;

/** @throws UsageError for invalid options. A number is never guessed: whatever it does not cover is removed. */
export function readPublishSiteOptions(args: readonly string[]): PublishSiteOptions {
  const { values, positionals, tokens } = parseArgs({
    args: [...args],
    options: known,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const unknown = tokens.find((token) => token.kind === 'option' && !Object.hasOwn(known, token.name));
  if (unknown !== undefined) throw new UsageError([notAnOption(args[unknown.index] ?? '')]);
  const repeated = repeatedIn(tokens, known);
  if (repeated.length > 0) throw new UsageError(repeated);
  const number = (name: keyof typeof known, usual: number, least: number): number => {
    const text = values[name] ?? String(usual);
    const range = `a whole number from ${least} to 1000`;
    if (typeof text !== 'string' || text.trim() === '') throw new UsageError([`--${name} needs a value: ${range}.`]);
    const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= 1000) return value;
    throw new UsageError([`--${name} is ${text}: not ${range}.`]);
  };
  const numbers = { keep: number('keep', 20, 1), keepRecordings: number('keep-recordings', 5, 0) };
  const [site = ''] = positionals;
  if (site.trim() === '' || positionals.length > 1)
    throw new UsageError([`Name one folder to add the run to: ${called('publish-site', ['DIR'])}.`]);
  return { site, ...numbers };
}
