/** Departures: hosts that break one promise. A file of `violates/` is named for the requirement that must be blamed for each host in it. */
import { readdirSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { Account } from './account.ts';
import type { Attempt, Behaviour, Change } from './behaviour.ts';

export interface Departure {
  /** How a real server comes to it. */
  readonly why: string;
  readonly change: Change;
  /** Other requirements, by id, that it cannot help breaking: blame there is deserved. */
  readonly also?: readonly string[];
  /** LeadConduit alone does not show it: every product is asked. */
  readonly everywhere?: true;
  /** It shows only some time after a login: the run waits as long as a user's. */
  readonly later?: true;
}

export interface KnownDeparture extends Departure {
  /** `<requirement>/<name>`. */
  readonly id: string;
  /** The requirement that must be blamed, by id. */
  readonly requirement: string;
}

/** Departures by name. */
export const departures = (table: Readonly<Record<string, Departure>>): Readonly<Record<string, Departure>> => table;

/** All departures of `violates/`, by requirement in alphabetical order. */
export function allDepartures(): readonly KnownDeparture[] {
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

/** The account that the product used to know by the key that is brought; undefined where it is not an old key. */
export function formerOwner({ accounts, credentials, product }: Attempt): Account | undefined {
  return credentials && accounts.find((account) => account.earlier[product.id].includes(credentials.password));
}

/** The account whose key died at a login that it has seen since it was opened; undefined where the key that is brought is no such key. */
export function newlyDeadOwner(attempt: Attempt): Account | undefined {
  const owner = formerOwner(attempt);
  // The first of its earlier keys was dead from the beginning.
  return owner?.earlier[attempt.product.id][0] === attempt.credentials?.password ? undefined : owner;
}

/** A place to remember something about an account at a product. */
export const placeOf = (account: Account, product: string): string => `${account.id} at ${product}`;

/** In ms; infinite where the product's key of the account has never been changed by a login. */
export const sinceLogin = ({ at, product }: Attempt, account: Account): number => at - account.switchedAt[product.id];

/** The calls to a product that come first after each login to it: `takes` says whether a call is one of so many, and counts it. */
export function firstAfterLogin(
  calls: number,
  login: Behaviour['login'],
): { readonly login: Behaviour['login']; takes(account: Account, attempt: Attempt): boolean } {
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
