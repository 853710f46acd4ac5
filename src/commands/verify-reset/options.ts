/** The options of `verify-reset`. */
import { parseArgs } from 'node:util';
import { UsageError } from '../../configuration/usage.ts';
import { called } from '../../report/called.ts';
import { isProductId, type ProductId, productIds } from '../../specifications/model.ts';

export interface HandOptions {
  /** How long to wait for logins, in ms. */
  readonly waitMs: number;
  /** Products that somebody has logged in to since the reset. */
  readonly loggedIn: readonly ProductId[];
}

export const help = `${called('verify-reset', ['[options]'])}

After a person has reset the API key: which product takes which key, until every product takes the new one and refuses the old one.
At a terminal it asks for both keys. Elsewhere they are in ACTIVEPROSPECT_OLD_API_KEY (may be left out) and ACTIVEPROSPECT_API_KEY.

  --wait TIME          how long to wait for logins: 90s, 10m, 1h. Default: 30m at a terminal, 10m elsewhere
  --logged-in PRODUCT  somebody has logged in to it since the reset, so it must have switched; may be repeated
  --help               this

Exit codes: 0 every product has switched, 1 one breaks what the page promises, 2 wrong usage, 3 one has not switched or cannot be told,
4 the suite failed, 5 a secret was found, 130 left; start again to go on.`;

const units = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** @throws UsageError with every problem, one sentence each. */
export function readHandOptions(args: readonly string[], isTerminal: boolean): HandOptions {
  const known = { wait: { type: 'string' }, 'logged-in': { type: 'string', multiple: true } } as const;
  const { values, tokens } = parseArgs({ args: [...args], options: known, strict: false, tokens: true, allowPositionals: true });
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(`"${token.value}" is no option of this command: --help lists them.`);
    else if (token.kind === 'option' && !Object.hasOwn(known, token.name))
      problems.push(`${token.rawName} is no option of this command: --help lists them.`);
    else if (token.kind === 'option' && token.value === undefined) problems.push(`${token.rawName} needs a value.`);
  }
  const wait = typeof values.wait === 'string' ? values.wait : isTerminal ? '30m' : '10m';
  const [, number = '', unit = ''] = /^(\d{1,4})(s|m|h)$/.exec(wait) ?? [];
  if (number === '') problems.push(`--wait is "${wait}": write a number and s, m or h, such as 10m.`);
  const loggedIn = (values['logged-in'] ?? []).filter((each) => typeof each === 'string');
  for (const each of loggedIn) if (!isProductId(each)) problems.push(`--logged-in is "${each}": not one of ${productIds.join(', ')}.`);
  if (problems.length > 0) throw new UsageError(problems);
  return { waitMs: Number(number) * units[unit as keyof typeof units], loggedIn: loggedIn.filter(isProductId) };
}
