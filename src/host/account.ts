/** Accounts: which key ActiveProspect ID shows, and which key each product accepts. */
import { randomBytes } from 'node:crypto';
import { ofProduct, type ProductId, productIds } from '../specifications/model.ts';

export interface Account {
  readonly id: string;
  /** The key that ActiveProspect ID shows: the one from the last reset. */
  key: string;
  /** The key that a product accepts, until someone logs in to it. */
  readonly current: Record<ProductId, string>;
  /** The keys that a product accepted before, the latest one last. */
  readonly earlier: Record<ProductId, string[]>;
  /** When a login last changed a product's key, in ms on the host's clock. */
  readonly switchedAt: Record<ProductId, number>;
}

/**
 * A new key: 40 hex digits. Drawn again if a lenient base64 decoder would find a username, a colon and a password in it: sent unencoded,
 * such a key is just another wrong key, and a departure that accepts it would violate another requirement in one run of nine.
 */
export function newKey(): string {
  const key = randomBytes(20).toString('hex');
  const readsAsPair = [key, `API:${key}`].some((each) => Buffer.from(each, 'base64').includes(':'));
  return readsAsPair ? newKey() : key;
}

/** An account whose key was reset once, long ago, with a login to every product since. */
export function newAccount(): Account {
  const [key, former] = [newKey(), newKey()];
  return {
    id: randomBytes(12).toString('hex'),
    key,
    current: perProduct(() => key),
    earlier: perProduct(() => [former]),
    switchedAt: perProduct(() => Number.NEGATIVE_INFINITY),
  };
}

/** The key that a product accepts at this moment, in the documented behavior. */
export const keyAt = ({ current }: Account, product: ProductId): string => ofProduct(current, product);

/** The keys that a product accepted before, the latest one last. */
export const earlierAt = ({ earlier }: Account, product: ProductId): readonly string[] => ofProduct(earlier, product);

/** From now on the product accepts another key. */
export function replaceKey(account: Account, product: ProductId, key: string): void {
  ofProduct(account.earlier, product).push(keyAt(account, product));
  account.current[product] = key;
}

/** The key that every product accepted before the account's current one. */
export const formerKeyOf = ({ earlier }: Account): string => Object.values(earlier)[0]?.at(-1) ?? '';

/** A table with a value for each product. */
export function perProduct<T>(make: (product: ProductId) => T): Record<ProductId, T> {
  return Object.fromEntries(productIds.map((product) => [product, make(product)])) as Record<ProductId, T>;
}
