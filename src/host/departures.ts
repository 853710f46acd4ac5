/** Departures: hosts that break one promise. A file in `departures/` is named after the requirement that each host in it must violate. */
import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { ofProduct, type ProductId, productIds } from '../specifications/model.ts';
import { type Account, earlierAt } from './account.ts';
import type { Attempt, Behavior, Change } from './behavior.ts';

export interface Departure {
  /** How a real server could end up this way. */
  readonly why: string;
  readonly change: Change;
  /** Other requirements, by id, that it unavoidably breaks as well. */
  readonly also?: readonly string[];
  /** The product that it shows on, if it does not show on each. */
  readonly on?: ProductId;
  /** It does not show on one product alone, so every product is checked. */
  readonly everywhere?: true;
  /** It shows only some time after a login, so the run waits as long as a user's run does. */
  readonly later?: true;
}

export interface NamedDeparture extends Departure {
  /** `<requirement>/<name>`. */
  readonly id: string;
  /** The requirement that must be violated, by id. */
  readonly requirement: string;
}

/** Departures by name. */
export const departures = (table: Readonly<Record<string, Departure>>): Readonly<Record<string, Departure>> => table;

/** All departures, by requirement in alphabetical order. */
export function allDepartures(): readonly NamedDeparture[] {
  const folder = join(__dirname, 'departures');
  return readdirSync(folder)
    .filter((file) => extname(file) === extname(__filename))
    .sort()
    .flatMap((file) => {
      const requirement = basename(file, extname(file));
      const { default: table } = require(join(folder, file)) as { default: ReturnType<typeof departures> };
      return Object.entries(table).map(([name, departure]) => ({ ...departure, id: `${requirement}/${name}`, requirement }));
    });
}

/** For departures that concern only one product or two. */
export const [firstProduct, secondProduct] = productIds as readonly [ProductId, ProductId, ...ProductId[]];
export const lastProduct = productIds.at(-1) ?? firstProduct;

/** The account that used to have the key in the request; undefined if it is not an old key. */
export function formerOwner({ accounts, credentials, product }: Attempt): Account | undefined {
  return credentials && accounts.find((account) => earlierAt(account, product.id).includes(credentials.password));
}

/** The account whose key was replaced by a login during this run; undefined if the key in the request is not such a key. */
export function newlyDeadOwner(attempt: Attempt): Account | undefined {
  const owner = formerOwner(attempt);
  // The first of the earlier keys was already replaced when the account was opened.
  return owner && earlierAt(owner, attempt.product.id)[0] === attempt.credentials?.password ? undefined : owner;
}

/** A map key for what a departure remembers about an account at a product. */
export const placeOf = (account: Account, product: string): string => `${account.id} at ${product}`;

/** In ms; infinite if no login has ever changed the account's key for this product. */
export const sinceLogin = ({ at, product }: Attempt, account: Account): number => at - ofProduct(account.switchedAt, product.id);

/** The first calls to a product after each login to it. `takes` counts a call and says whether it is among the first `calls`. */
export function firstAfterLogin(
  calls: number,
  login: Behavior['login'],
): { readonly login: Behavior['login']; takes(account: Account, attempt: Attempt): boolean } {
  const left = new Map<string, number>();
  return {
    login(account, product, at) {
      login(account, product, at);
      left.set(placeOf(account, product), calls);
    },
    takes(account, { product }) {
      const place = placeOf(account, product.id);
      const before = left.get(place) ?? 0;
      left.set(place, before - 1);
      return before > 0;
    },
  };
}
