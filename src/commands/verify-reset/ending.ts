/** What is printed at the end of `verify-reset`: what has not switched, and what to do about it. */
import type { Watched } from '../../ask/reset-by-hand.ts';
import { listed } from '../../listed.ts';
import { causes } from '../../recording/causes.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { type LoginPages, placeToLogIn } from './login-pages.ts';

/** A paragraph a line. */
export function endingLines(products: readonly Watched[], pages: LoginPages): readonly string[] {
  const open = products.filter(({ switched }) => !switched);
  if (open.length === 0) return [accepted(products)];
  const doubtful = open.filter((each) => refusesAll(each, products));
  return [
    ...(doubtful.length === 0 ? [] : [doubt(doubtful, pages)]),
    ...open.filter((each) => !doubtful.includes(each)).map((each) => ending(each, pages)),
  ];
}

function accepted(products: readonly Watched[]): string {
  const [accept, refuse] = products.length === 1 ? ['accepts', 'refuses'] : ['accept', 'refuse'];
  const titles = `${listed(products.map(({ title }) => title))} ${accept} the new key`;
  // What the end says of a skipped key is enough.
  if (products.every(({ old }) => old === undefined)) return `${titles}.`;
  return products.every(({ old }) => old?.answer === 'refused')
    ? `${titles} and ${refuse} the old one.`
    : `${titles}. The old key was not tried on every product.`;
}

/** It refuses every key that it was asked with, and no product accepts the new one: that key may be a wrong one. */
export const refusesAll = (watched: Watched, all: readonly Watched[]): boolean =>
  refuses(watched.new) && (watched.old === undefined || refuses(watched.old)) && !all.some((each) => each.new?.answer === 'accepted');

const refuses = (answered: Watched['old']): boolean => answered?.answer === 'refused' || answered?.answer === 'neither';

function doubt(products: readonly Watched[], pages: LoginPages): string {
  const titles = `${listed(products.map(({ title }) => title))} ${products.length === 1 ? 'refuses' : 'refuse'}`;
  const keys = products.some(({ old }) => old === undefined) ? 'the new key' : 'both keys';
  const places = listed(products.map(({ product, title }) => placeToLogIn(title, pages[product])));
  return `${titles} ${keys}. The new key may be wrong: check that it is not mistyped or cut short. If it is right, log in to ${places}, then start again to continue.`;
}

function ending({ product, title, old, new: fresh, saidAt }: Watched, pages: LoginPages): string {
  const logIn = `log in to ${placeToLogIn('it', pages[product])}, then start again to continue`;
  const cause = fresh?.cause ?? old?.cause;
  if (cause !== undefined) return `${title} gave no usable answer (${cause}). ${causes[cause]}`;
  if (fresh === undefined) return `${title} could not be asked: none of its calls can be made with this configuration.`;
  if (fresh.answer === 'accepted') return `${title} accepts both keys. The old one should have stopped working when someone logged in.`;
  if (old?.answer !== 'accepted')
    return `${title} refuses ${old === undefined ? 'the new key' : 'both keys'}, but another product accepts the new one: ${logIn}. Or the account is not subscribed to it.`;
  return saidAt === undefined
    ? `${title} has not switched: ${logIn}.`
    : `${title} still accepts only the old key, although someone has logged in to it.`;
}

/** A person left before the end. `problem`: why what was seen is not remembered. */
export function left(problem?: string): ExitCode {
  console.error(`You left. No report was written. ${problem ?? 'Start again to continue.'}`);
  return exitCodes.interrupted;
}
