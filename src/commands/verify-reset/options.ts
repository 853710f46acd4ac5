/** The options of `verify-reset`. */
import { parseArgs } from 'node:util';
import { liveExample } from '../../configuration/naming.ts';
import { UsageError } from '../../configuration/usage.ts';
import { listed } from '../../listed.ts';
import { called } from '../../report/called.ts';
import { isProductId, type ProductId, productIds } from '../../specifications/model.ts';
import { helpText, notAnOption, repeatedIn } from '../help.ts';

export interface VerifyResetOptions {
  /** How long to wait for logins, in ms. */
  readonly waitMs: number;
  /** Products to which someone has logged in since the reset. */
  readonly loggedIn: readonly ProductId[];
}

export const help = helpText({
  usage: called('verify-reset', ['[options]']),
  purpose:
    'After a person has reset the API key: shows which product accepts which key, until every product accepts the new one and refuses the old one. At a terminal it asks for both keys. Elsewhere it takes them from ACTIVEPROSPECT_OLD_API_KEY (optional) and ACTIVEPROSPECT_API_KEY.',
  options: [
    ['--wait TIME', 'How long to wait for logins: 90s, 10m, 1h. Default: 30m at a terminal, 10m elsewhere.'],
    [
      '--logged-in PRODUCT',
      `States that someone has logged in to ${listed(productIds, 'or')} since the reset, so that it must have switched. Can be repeated.`,
    ],
  ],
  exitCodes: [
    [0, 'Every product has switched.'],
    [1, 'A product accepts both keys, or has not switched although someone has logged in to it.'],
    [2, 'The options or the configuration are wrong. Nothing was sent.'],
    [3, 'A product has not switched yet, or that could not be determined.'],
    [4, 'The suite itself failed.'],
    [5, 'A secret was found in what was about to be published.'],
    [130, 'You left. Start again to continue.'],
  ],
  examples: [called('verify-reset'), `${liveExample} ${called('verify-reset', ['--wait', '5m', '--logged-in', productIds[0] ?? ''])}`],
});

const units = { s: 1000, m: 60_000, h: 3_600_000 } as const;

/** @throws UsageError with every problem, one sentence each. */
export function readVerifyResetOptions(args: readonly string[], isTerminal: boolean): VerifyResetOptions {
  const known = { wait: { type: 'string' }, 'logged-in': { type: 'string', multiple: true } } as const;
  const { values, tokens } = parseArgs({ args: [...args], options: known, strict: false, tokens: true, allowPositionals: true });
  const problems = [...repeatedIn(tokens, known)];
  for (const token of tokens) {
    if (token.kind === 'positional') problems.push(notAnOption(`"${token.value}"`));
    else if (token.kind === 'option' && !Object.hasOwn(known, token.name)) problems.push(notAnOption(token.rawName));
    else if (token.kind === 'option' && token.value === undefined) problems.push(`${token.rawName} needs a value.`);
  }
  const wait = typeof values.wait === 'string' ? values.wait : isTerminal ? '30m' : '10m';
  const [, number = '', unit = ''] = /^(\d{1,4})(s|m|h)$/.exec(wait) ?? [];
  if (number === '') problems.push(`--wait is "${wait}": write a number with s, m or h, such as 10m.`);
  const loggedIn = (values['logged-in'] ?? []).filter((each) => typeof each === 'string');
  for (const each of loggedIn) if (!isProductId(each)) problems.push(`--logged-in is "${each}": not one of ${productIds.join(', ')}.`);
  if (problems.length > 0) throw new UsageError(problems);
  return { waitMs: Number(number) * units[unit as keyof typeof units], loggedIn: loggedIn.filter(isProductId) };
}
