/** What a person is told at the end of `verify-reset`: a sentence on each product that has not switched, and what to do about it. */
import type { Watched } from '../../ask/reset-by-hand.ts';
import { causes } from '../../recording/causes.ts';
import { type LoginPages, placeToLogIn } from './login-pages.ts';

export function inTheEnd(products: readonly Watched[], pages: LoginPages): string {
  const open = products.filter(({ switched }) => !switched);
  if (open.length > 0) return ['', ...open.map((each) => ending(each, products, pages))].join('\n');
  const titles = products.map(({ title }) => title);
  const all = titles.length === 1 ? `${titles[0]} accepts` : `${titles.slice(0, -1).join(', ')} and ${titles.at(-1)} accept`;
  return `\n${all} the new key.`;
}

/** It refuses every key that it was asked with, and so does every other product the new one: that key may be a wrong one. */
export const refusesAll = (watched: Watched, all: readonly Watched[]): boolean =>
  refuses(watched.new) && (watched.old === undefined || refuses(watched.old)) && !all.some((each) => each.new?.answer === 'accepted');

const refuses = (answered: Watched['old']): boolean => answered?.answer === 'refused' || answered?.answer === 'neither';

function ending(watched: Watched, all: readonly Watched[], pages: LoginPages): string {
  const { product, title, old, new: fresh, saidAt } = watched;
  const logIn = `log in to ${placeToLogIn(title, pages[product])}, then start again to continue`;
  const both = old === undefined ? 'the new key' : 'both keys';
  const cause = fresh?.cause ?? old?.cause;
  if (cause !== undefined) return `${title} gave no usable answer (${cause}). ${causes[cause]}`;
  if (fresh === undefined) return `${title} could not be asked: none of its calls can be made with this configuration.`;
  if (fresh.answer === 'accepted') return `${title} accepts both keys: the old one should have stopped working.`;
  if (refusesAll(watched, all))
    return `${title} refuses ${both}. The new key may be wrong: check that it is not mistyped or cut short. If it is right, ${logIn}.`;
  if (refuses(old) || old === undefined)
    return `${title} refuses ${both}, but another product accepts the new one: ${logIn}. The account may also not be subscribed to it.`;
  if (saidAt !== undefined) return `${title} still accepts only the old key, although someone has logged in to it.`;
  return `${title} has not switched: ${logIn}.`;
}
