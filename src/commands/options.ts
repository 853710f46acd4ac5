/** The options of `conformance`. Unknown ones are rejected before anything is sent. */
import { parseArgs } from 'node:util';
import { UsageError } from '../configuration/usage.ts';
import { called } from '../report/called.ts';
import { expressionOf } from './selection.ts';
import type { Shard } from './shard.ts';

export interface Options {
  readonly grep: string | undefined;
  readonly grepInvert: string | undefined;
  readonly projects: readonly string[];
  readonly reporters: readonly string[];
  readonly trace: string | undefined;
  readonly list: boolean;
  readonly preflight: boolean;
  readonly reset: boolean;
  readonly shard: Shard | undefined;
  /** A folder with a recording that is to be judged again. */
  readonly from: string | undefined;
  /** A folder with the results of the run to compare with. */
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

export const help = `${called('conformance', ['[options]'])}

Checks every promise of the authentication page against the host that the environment names (the embedded one by default).

  --grep REGEX         only requirements whose id matches
  --grep-invert REGEX  only those whose id does not
  --project PRODUCT    leadconduit, trustedform, suppressionlist or account; may be repeated
  --list               what would be run, and nothing more
  --preflight          is the configuration right? One call a product, nothing judged
  --reset              at the end, resets the key by RESET_COMMAND and logs in by LOGIN_COMMAND
  --reporter NAMES     reporters of Playwright (html, json, junit, blob, list …) beside the suite's own
  --shard I/N          only the Ith of N parts, each of whole products; --merge puts them together
  --from DIR           judges again what an earlier run recorded in this folder; sends nothing, needs no key
  --merge DIR…         joins what parts recorded in these folders, and judges it as one; sends nothing
  --since DIR          compares with the run whose conformance.json is in this folder (default: the last one in REPORTS_DIR)
  --trace MODE         as in Playwright
  --help               this

Exit codes: 0 conforms, 1 violates, 2 wrong usage, 3 cannot tell, 4 the suite failed, 5 a secret was found, 130 interrupted.
Variables: .env.example explains each.`;

/** @throws UsageError for an unknown option, a missing value, or a value that cannot be meant. */
export function readOptions(args: readonly string[]): Options {
  const problems: string[] = [];
  const { values, tokens, positionals } = parseArgs({
    args: [...args],
    options: known,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional' && values.merge === undefined) problems.push(`"${token.value}" is no option. ${offer(args)}`);
    else if (token.kind === 'option' && !Object.hasOwn(known, token.name))
      problems.push(`${token.rawName} is no option of this command. ${offer(args)}`);
    else if (token.kind === 'option' && known[token.name as keyof typeof known].type === 'string' && token.value === undefined)
      problems.push(`${token.rawName} needs a value.`);
    else if (token.kind === 'option' && known[token.name as keyof typeof known].type === 'boolean' && token.value !== undefined)
      problems.push(`${token.rawName} takes no value.`);
  }
  if (problems.length > 0) throw new UsageError(problems);
  const one = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
  const many = (value: unknown): readonly string[] => (Array.isArray(value) ? value.filter((each) => typeof each === 'string') : []);
  for (const name of ['grep', 'grep-invert'] as const) {
    const problem = regexProblem(one(values[name]));
    if (problem !== undefined) problems.push(`--${name} is no regular expression: ${problem}`);
  }
  const shard = one(values.shard) === undefined ? undefined : shardOf(one(values.shard) ?? '');
  if (one(values.shard) !== undefined && shard === undefined)
    problems.push(`--shard ${values.shard}: write which part of how many, such as 1/3.`);
  if (shard !== undefined && values.reset === true)
    problems.push('--reset changes the key under all other shards: run it by itself, without --shard.');
  const offline = ['reset', 'shard', 'preflight', 'merge'].filter((name) => name in values);
  if (values.from !== undefined && offline.length > 0)
    problems.push(`--from judges a recording and asks nothing: leave out ${offline.map((name) => `--${name}`).join(', ')}.`);
  const others = Object.keys(values).filter((name) => name !== 'merge' && name !== 'since');
  if (values.merge !== undefined && others.length > 0)
    problems.push(`--merge takes folders and no other option: leave out ${others.map((name) => `--${name}`).join(', ')}.`);
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

function shardOf(text: string): Shard | undefined {
  const [, index = 0, total = 0] = (/^([1-9]\d?)\/([1-9]\d?)$/.exec(text) ?? []).map(Number);
  return index >= 1 && index <= total ? { index, total } : undefined;
}

const traceModes = ['on', 'off', 'on-first-retry', 'on-all-retries', 'retain-on-failure', 'retain-on-first-failure'];

const offer = (args: readonly string[]): string =>
  `--help lists the options. To pass options to Playwright itself: npx playwright test ${args.join(' ')}`;

function regexProblem(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    expressionOf(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : 'it cannot be read';
  }
}
