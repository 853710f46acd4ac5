/**
 * ActiveProspect ID: the account settings as a page for people, and as JSON for programs.
 *
 *     POST /accounts                        opens an account      201 {"id","key","formerKey"}
 *     POST /accounts/ID/reset               resets its key        200 {"key"}; with Accept: text/plain, just the key
 *     POST /accounts/ID/logins/PRODUCT      logs in to a product  200 {"product"}
 *     GET  /accounts/ID                     the page, whose buttons do the same
 *
 * `/account` stands for the account that was opened first.
 */
import type { IncomingMessage, Server } from 'node:http';
import { isProductId, type ProductId, type ProductSpec } from '../specifications/model.ts';
import { type Account, formerKeyOf } from './account.ts';
import { type Answer, answerOf, json, send, withHeader } from './answer.ts';
import { accountPage, pageHeaders } from './page.ts';
import { keepAliveServer } from './product.ts';

export interface Accounts {
  readonly list: readonly Account[];
  open(): Account;
  reset(account: Account): void;
  login(account: Account, product: ProductId): void;
}

export interface IdentityOptions {
  readonly accounts: Accounts;
  readonly products: Readonly<Record<ProductId, ProductSpec>>;
}

/** A request to an account's page, and what it is about. */
interface Command {
  readonly request: IncomingMessage;
  readonly account: Account;
  readonly base: string;
  readonly product: string | undefined;
}

/** Not listening yet. Its page and its paths for programs reset keys and log in. */
export function identityServer({ accounts, products }: IdentityOptions): Server {
  const page = (command: Command, revealed = false): Answer =>
    pageHeaders.reduce(
      (answer, [name, value]) => withHeader(answer, name, value),
      answerOf(200, 'text/html; charset=utf-8', accountPage({ ...command, products, revealed })),
    );

  const actions: Readonly<Record<string, (command: Command) => Answer>> = {
    'GET ': (command) => page(command),
    // A POST, so that no link, prefetch or history entry shows a key.
    'POST reveal': (command) => page(command, true),
    'POST reset'({ request, account, base }) {
      accounts.reset(account);
      if (wants(request, 'text/html')) return seeOther(base);
      return wants(request, 'text/plain')
        ? answerOf(200, 'text/plain; charset=utf-8', `${account.key}\n`)
        : json(200, { key: account.key });
    },
    'POST logins'({ request, account, base, product = '' }) {
      if (!isProductId(product)) return json(404, { error: `no such product: one of ${Object.keys(products).join(', ')}` });
      accounts.login(account, product);
      return wants(request, 'text/html') ? seeOther(base) : json(200, { product });
    },
  };

  const answerTo = (request: IncomingMessage): Answer => {
    const [path = ''] = (request.url ?? '').split('?', 1);
    const method = request.method === 'HEAD' ? 'GET' : (request.method ?? '');
    if (!isFromHere(request, method)) return json(403, { error: 'only this page and programs on this machine may call this' });
    if (path === '/') return seeOther('/account');
    if (path === '/accounts') return method === 'POST' ? opened(accounts.open()) : notAllowed('POST');
    const [, base = '', id, action = '', product] =
      /^(\/account|\/accounts\/([^/]+))(?:\/(reveal|reset|logins)(?:\/([^/]+))?)?$/.exec(path) ?? [];
    const account = id === undefined ? accounts.list[0] : accounts.list.find((each) => each.id === id);
    if (base === '' || account === undefined) return json(404, { error: 'no such page or account: POST /accounts opens one' });
    const act = actions[`${method} ${action}`];
    return act === undefined ? notAllowed(action === '' ? 'GET' : 'POST') : act({ request, account, base, product });
  };

  return keepAliveServer(async (request, response) => send(response, answerTo(request)));
}

const opened = (account: Account): Answer => json(201, { id: account.id, key: account.key, formerKey: formerKeyOf(account) });
const seeOther = (place: string): Answer => json(303, {}, [['Location', place]]);
const notAllowed = (method: string): Answer => json(405, { error: 'method not allowed' }, [['Allow', method]]);
const wants = ({ headers }: IncomingMessage, type: string): boolean => headers.accept?.includes(type) ?? false;

/**
 * This page shows and changes keys, and other sites may be open in the same browser. So the Host header must be one of this machine's names
 * (against DNS rebinding), and a change must come from the page itself or from a program, which sends neither Origin nor Sec-Fetch-Site.
 */
function isFromHere({ headers }: IncomingMessage, method: string): boolean {
  const { host = '', origin, 'sec-fetch-site': site } = headers;
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host)) return false;
  if (method === 'GET') return true;
  return (origin === undefined || origin === `http://${host}`) && (site === undefined || site === 'same-origin');
}
