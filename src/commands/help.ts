/** What a command prints for `--help`, and how it rejects what it does not know: the same form for all of them. */
import type { ParseArgsConfig } from 'node:util';
import { wrapped } from '../report/terminal/paint.ts';

export interface Help {
  /** How it is called, for a shell. */
  readonly usage: string;
  /** What it does, in a sentence or two. */
  readonly purpose: string;
  /** With their values, `--help` aside. */
  readonly options: readonly (readonly [option: string, what: string])[];
  readonly exitCodes?: readonly (readonly [code: number, meaning: string])[];
  readonly examples: readonly string[];
  /** What else there is to know. */
  readonly more?: string;
}

/** In characters. */
const width = 110;

/** The help of a command, wrapped to that width. */
export function helpText({ usage, purpose, options, exitCodes = [], examples, more }: Help): string {
  const all = [...options, ['--help, -h', 'Prints this help.'] as const];
  const widest = Math.max(...all.map(([option]) => option.length));
  const exits = exitCodes.map(([code, meaning]) => [String(code), meaning] as const);
  return [
    `Usage: ${usage}`,
    ['', ...wrapped(purpose, width)],
    ['', 'Options:', ...all.flatMap((each) => listed(each, widest))],
    exits.length === 0 ? [] : ['', 'Exit codes:', ...exits.flatMap((each) => listed(each, 3))],
    ['', examples.length === 1 ? 'Example:' : 'Examples:', ...examples.map((each) => `  ${each}`)],
    more === undefined ? [] : ['', ...wrapped(more, width)],
  ]
    .flat()
    .join('\n');
}

function listed([name, what]: readonly [string, string], widest: number): readonly string[] {
  const lead = `  ${name.padEnd(widest)}  `;
  return wrapped(what, width - lead.length).map((line, index) => (index === 0 ? lead : ' '.repeat(lead.length)) + line);
}

/** Anywhere among the arguments: help is given even if other options are wrong. */
export const asksForHelp = (args: readonly string[]): boolean => args.includes('--help') || args.includes('-h');

/** An option or a word that a command does not know, as it was typed. */
export const notAnOption = (typed: string): string => `${typed} is not an option of this command. --help lists the options.`;

/** What `parseArgs` of Node.js says about each word. */
interface Token {
  readonly kind: string;
  readonly name?: string;
}

/** Options with one value that are given more than once: a sentence each. Only the last would count. */
export function repeatedIn(tokens: readonly Token[], known: NonNullable<ParseArgsConfig['options']>): readonly string[] {
  const single = Object.entries(known).filter(([, { type, multiple = false }]) => type === 'string' && !multiple);
  return single
    .filter(([name]) => tokens.filter((token) => token.kind === 'option' && token.name === name).length > 1)
    .map(([name]) => `--${name} is given more than once, but it takes one value: leave out all but one.`);
}
