/** The server of a product: from a request to an attempt, from an attempt to an answer. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { ProductSpec } from '../specifications/model.ts';
import type { Account } from './account.ts';
import { json, send } from './answer.ts';
import type { Attempt, Behaviour } from './behaviour.ts';
import { router } from './route.ts';

export interface ProductServerOptions {
  readonly product: ProductSpec;
  readonly accounts: readonly Account[];
  readonly behaviour: Behaviour;
  /** In ms, monotonic. */
  readonly now: () => number;
}

export function productServer(options: ProductServerOptions): Server {
  const { behaviour } = options;
  const attemptOf = attempts(options);
  return keepAliveServer(async (request, response) => {
    const attempt = attemptOf(request);
    await behaviour.deliver(response, answerTo(attempt, behaviour), attempt);
  });
}

/**
 * A server whose connections stay open for longer than a client keeps them idle, and that reads headers of 64 KB: usernames of 12,000
 * bytes are none of its business. An error of a step is a 500, as in the frameworks.
 */
export function keepAliveServer(listener: (...both: Parameters<RequestListener>) => Promise<void>): Server {
  return createServer({ maxHeaderSize: 64 * 1024, keepAliveTimeout: 65_000 }, (request, response) => {
    listener(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else send(response, json(500, { error: 'internal server error' }));
    });
  });
}

function attempts({ product, accounts, behaviour, now }: ProductServerOptions): (request: IncomingMessage) => Attempt {
  const route = router(product.operations);
  let ordinal = 0;
  return ({ method = '', url = '', headers, rawHeaders, socket }) => {
    ordinal += 1;
    const [path = ''] = url.split('?', 1);
    const { authorization } = headers;
    return {
      product,
      method,
      path,
      ...route(method, path),
      headers,
      rawHeaders,
      authorization,
      credentials: behaviour.credentials(authorization),
      connection: socket,
      address: socket.remoteAddress ?? '',
      ordinal,
      at: now(),
      accounts,
    };
  };
}

function answerTo(attempt: Attempt, behaviour: Behaviour): ReturnType<Behaviour['answer']> {
  const account = accountOf(attempt, behaviour);
  return !behaviour.protects(attempt) || behaviour.admits(attempt, account)
    ? behaviour.answer(attempt, account)
    : behaviour.refuse(attempt);
}

/** The account whose key is the password. Looks at every account, so that the time it takes tells nothing. */
function accountOf(attempt: Attempt, { keysOf, matches }: Behaviour): Account | undefined {
  const { credentials, accounts } = attempt;
  let found: Account | undefined;
  if (credentials === undefined) return found;
  for (const account of accounts) {
    for (const key of keysOf(account, attempt)) if (matches(credentials.password, key)) found = account;
  }
  return found;
}
