/** The embedded host: a server per product and one for ActiveProspect ID, which behave as documented unless a departure changes that. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ofProduct, type ProductId, type ProductSpec, productIds } from '../specifications/model.ts';
import { type Account, formerKeyOf, newAccount, perProduct } from './account.ts';
import { type Change, documented } from './behavior.ts';
import { type Accounts, identityServer } from './identity.ts';
import { productServer } from './product.ts';

export interface HostOptions {
  readonly products: Readonly<Record<ProductId, ProductSpec>>;
  /** What differs from the documented behavior. */
  readonly behavior?: Change;
  /** Servers without a port here use a free one. */
  readonly ports?: Readonly<Record<ProductId | 'account', number>>;
}

export interface OpenedAccount {
  /** For `reset` and `login`. */
  readonly id: string;
  readonly key: string;
  /** The key from before a reset that has reached every product, so it no longer works. */
  readonly formerKey: string;
}

export interface Host {
  /** Base URL of each product. */
  readonly urls: Readonly<Record<ProductId, string>>;
  /** The same of one product. */
  urlOf(product: ProductId): string;
  /** Base URL of ActiveProspect ID: the account settings page, and the same functions as below for other programs (see identity.ts). */
  readonly account: string;
  openAccount(): OpenedAccount;
  /** Resets an account's key and returns the new one. Products keep using the old one. Throws a RangeError for an unknown account. */
  reset(account: string): string;
  /** Logs in to a product, which then switches to the account's newest key. Throws a RangeError for an unknown account. */
  login(account: string, product: ProductId): void;
  /** Also closes all connections. */
  close(): Promise<void>;
}

/** Starts a host on 127.0.0.1. If a port is taken, rejects with the error of Node.js (`EADDRINUSE`) and leaves nothing open. */
export async function startHost({ products, behavior, ports = {} }: HostOptions): Promise<Host> {
  const now = (): number => performance.now();
  const steps = { ...documented, ...behavior?.(documented) };
  const list: Account[] = [];
  const accounts: Accounts = {
    list,
    open() {
      const account = newAccount();
      list.push(account);
      return account;
    },
    reset: (account) => steps.reset(account, now()),
    login: (account, product) => steps.login(account, product, now()),
  };
  const servers = perProduct((id) => productServer({ product: ofProduct(products, id), accounts: list, behavior: steps, now }));
  const identity = identityServer({ accounts, products });
  const all: readonly (readonly [id: ProductId | 'account', server: Server])[] = [
    ...productIds.map((id) => [id, ofProduct(servers, id)] as const),
    ['account', identity],
  ];
  const close = async (): Promise<void> => {
    await Promise.all(all.map(([, server]) => stop(server)));
  };
  const listening = await Promise.allSettled(all.map(([id, server]) => listen(server, ports[id] ?? 0)));
  for (const result of listening) {
    if (result.status === 'fulfilled') continue;
    await close();
    throw result.reason;
  }

  const known = (id: string): Account => {
    const account = list.find((each) => each.id === id);
    if (account === undefined) throw new RangeError('no such account');
    return account;
  };
  return {
    urls: perProduct((id) => urlOf(ofProduct(servers, id))),
    urlOf: (product) => urlOf(ofProduct(servers, product)),
    account: urlOf(identity),
    openAccount() {
      const account = accounts.open();
      return { id: account.id, key: account.key, formerKey: formerKeyOf(account) };
    },
    reset(id) {
      const account = known(id);
      accounts.reset(account);
      return account.key;
    },
    login: (id, product) => accounts.login(known(id), product),
    close,
  };
}

async function listen(server: Server, port: number): Promise<void> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
}

async function stop(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
