/** The options of `conformance`. Unknown ones are rejected before anything is sent. */
import { parseArgs } from 'node:util';
import { UsageError } from '../configuration/usage.ts';
import { listed } from '../listed.ts';
import { called } from '../report/called.ts';
import { shortened } from '../report/visible.ts';
import { productIds } from '../specifications/model.ts';
import { helpText, repeatedIn } from './help.ts';
import { expressionOf, type Selection } from './selection.ts';
import type { Shard } from './shard.ts';

export interface Options extends Selection {
  readonly reporters: readonly string[];
  readonly trace: string | undefined;
  readonly list: boolean;
  readonly preflight: boolean;
  readonly reset: boolean;
  readonly shard: Shard | undefined;
  /** A folder with a recording that is to be judged again. */
  readonly from: string | undefined;
  /** The folder of the run to compare with, or of a site of runs. */
  readonly since: string | undefined;
  /** Folders with the reports of all shards; empty: this is no merge. */
  readonly merge: readonly string[];
}

const known = {
  grep: { type: 'string', short: 'g' },
  'grep-invert': { type: 'string' },
  project: { type: 'string', multiple: true },
  reporter: { type: 'string', multiple: true },
  trace: { type: 'string' },
  list: { type: 'boolean' },
  preflight: { type: 'boolean' },
  reset: { type: 'boolean' },
  shard: { type: 'string' },
  from: { type: 'string' },
  since: { type: 'string' },
  merge: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

export const help = helpText({
  usage: called('conformance', ['[options]']),
  purpose:
    'Checks every promise of the authentication page against the host that the environment names, and writes the reports. Without a host it tests the embedded one.',
  options: [
    ['--grep REGEX', 'Runs only the requirements whose id matches. Short: -g.'],
    ['--grep-invert REGEX', 'Runs only the requirements whose id does not match.'],
    ['--project PRODUCT', `Runs only this product: ${listed(productIds, 'or')}; or account. Can be repeated.`],
    ['--list', 'Prints what would run. Sends nothing.'],
    ['--preflight', 'Checks the configuration: tries the key on each product and judges nothing.'],
    ['--reset', 'At the end, resets the key with RESET_COMMAND and logs in with LOGIN_COMMAND.'],
    ['--reporter NAMES', "Adds Playwright's reporters (html, json, junit, blob, list …) to the suite's own."],
    ['--shard I/N', 'Runs only part I of N; each part is whole products. --merge joins the parts.'],
    ['--from DIR', 'Judges again what an earlier run recorded in this folder. Sends nothing and needs no key.'],
    ['--merge DIR…', 'Joins what the parts recorded in these folders and judges it as one run. Sends nothing.'],
    [
      '--since DIR',
      'Compares with the run in this folder, or with the newest one of a site of runs, and shows its history. Default: the last run in REPORTS_DIR.',
    ],
    ['--trace MODE', 'As in Playwright.'],
  ],
  exitCodes: [
    [0, 'Conforms.'],
    [1, 'Violates: a required promise is broken.'],
    [2, 'The options or the configuration are wrong. Nothing was sent.'],
    [3, 'Inconclusive: a required promise could not be judged.'],
    [4, 'The suite itself failed.'],
    [5, 'A secret was found in what was about to be published.'],
    [130, 'Interrupted.'],
  ],
  examples: [called('conformance'), called('conformance', ['--grep', 'failure', '--project', productIds[0] ?? 'account'])],
  more: '.env.example explains the variables.',
});

const parsed = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: known, strict: false, tokens: true, allowPositionals: true });

type Tokens = ReturnType<typeof parsed>['tokens'];

/** @throws UsageError for an unknown option, a missing value, or a value that cannot be meant. */
export function readOptions(args: readonly string[]): Options {
  const { values, tokens, positionals } = parsed(args);
  const problems = [...mistakesIn(tokens, args), ...repeatedIn(tokens, known)];
  if (problems.length > 0) throw new UsageError(problems);
  const one = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const many = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);
  for (const name of ['grep', 'grep-invert'] as const) {
    const problem = regexProblem(one(values[name]));
    if (problem !== undefined)
      problems.push(`--${name} ${shortened(one(values[name]) ?? '', 100)} is not a valid regular expression: ${problem}.`);
  }
  const shard = one(values.shard) === undefined ? undefined : shardOf(one(values.shard) ?? '');
  if (one(values.shard) !== undefined && shard === undefined)
    problems.push(`--shard ${values.shard}: write which part of how many, from 1/1 to 99/99, such as 1/3.`);
  if (shard !== undefined && values.reset === true)
    problems.push('--reset changes the key under all other shards: run it by itself, without --shard.');
  if (values.list === true && values.preflight === true)
    problems.push('--list sends nothing and --preflight tries the key: leave out one of them.');
  const offline = ['reset', 'shard', 'preflight', 'merge'].filter((name) => name in values);
  if (values.from !== undefined && offline.length > 0)
    problems.push(`--from judges a recording and asks nothing: leave out ${offline.map((name) => `--${name}`).join(', ')}.`);
  const others = Object.keys(values).filter((name) => name !== 'merge' && name !== 'since');
  if (values.merge !== undefined && others.length > 0)
    problems.push(`--merge takes folders and no other option but --since: leave out ${others.map((name) => `--${name}`).join(', ')}.`);
  if (values.trace !== undefined && !traceModes.includes(one(values.trace) ?? ''))
    problems.push(`--trace ${values.trace}: not one of ${traceModes.join(', ')}.`);
  if (problems.length > 0) throw new UsageError(problems);
  return {
    grep: one(values.grep),
    grepInvert: one(values['grep-invert']),
    projects: many(values.project),
    reporters: many(values.reporter).flatMap((each) => each.split(',')),
    trace: one(values.trace),
    list: values.list === true,
    preflight: values.preflight === true,
    reset: values.reset === true,
    shard,
    from: one(values.from),
    since: one(values.since),
    merge: values.merge === undefined ? [] : [...many(values.merge), ...positionals],
  };
}

/** Options that this command does not have, and values that are missing or too many. */
function mistakesIn(tokens: Tokens, args: readonly string[]): readonly string[] {
  const isMerge = tokens.some((token) => token.kind === 'option' && token.name === 'merge');
  return tokens.flatMap((token) => {
    if (token.kind === 'option-terminator') return [];
    if (token.kind === 'positional') {
      if (!isMerge) return [`"${token.value}" is not an option of this command. ${offer(args)}`];
      return isBlank(token.value) ? ['--merge needs a value.'] : [];
    }
    const { name, rawName, value } = token;
    if (!Object.hasOwn(known, name)) return [`${rawName} is not an option of this command. ${offer(args)}`];
    if (known[name as keyof typeof known].type === 'boolean') return value === undefined ? [] : [`${rawName} takes no value.`];
    return value === undefined || (folders.includes(name) && isBlank(value)) ? [`${rawName} needs a value.`] : [];
  });
}

/** Their values are folders. A blank one would mean the current folder, which is never what was intended. */
const folders: readonly string[] = ['from', 'since', 'merge'] satisfies (keyof typeof known)[];

const isBlank = (text: string): boolean => text.trim() === '';

function shardOf(text: string): Shard | undefined {
  const [, index = 0, total = 0] = (/^([1-9]\d?)\/([1-9]\d?)$/.exec(text) ?? []).map(Number);
  return index >= 1 && index <= total ? { index, total } : undefined;
}

const traceModes = ['on', 'off', 'on-first-retry', 'on-all-retries', 'retain-on-failure', 'retain-on-first-failure'];

const offer = (args: readonly string[]): string =>
  `--help lists the options. To pass options to Playwright itself: npx playwright test ${args.join(' ')}`;

/** In characters. V8 compiles an expression at its first use, and fails then from some ten thousand on. */
const longestExpression = 5000;

function regexProblem(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text.length > longestExpression) return `it is longer than ${longestExpression.toLocaleString('en')} characters`;
  try {
    expressionOf(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^Invalid regular expression: .*: /s, '') : 'it cannot be read';
  }
}
