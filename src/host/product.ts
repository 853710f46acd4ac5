/** A product's server: turns a request into an attempt, and an attempt into an answer. */
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { ProductSpec } from '../specifications/model.ts';
import type { Account } from './account.ts';
import { json, send } from './answer.ts';
import type { Attempt, Behavior } from './behavior.ts';
import { router } from './route.ts';

export interface ProductServerOptions {
  readonly product: ProductSpec;
  readonly accounts: readonly Account[];
  readonly behavior: Behavior;
  /** In ms, monotonic. */
  readonly now: () => number;
}

/** Not listening yet. Answers as `behavior` says. */
export function productServer(options: ProductServerOptions): Server {
  const { behavior } = options;
  const attemptOf = attempts(options);
  return keepAliveServer(async (request, response) => {
    const attempt = attemptOf(request);
    await behavior.deliver(response, answerTo(attempt, behavior), attempt);
  });
}

/**
 * A server that keeps connections open longer than a client keeps them idle, and that reads headers of up to 64 KB, so that even usernames
 * of 12,000 bytes work. If a step throws, the answer is a 500, as in common frameworks.
 */
export function keepAliveServer(listener: (...both: Parameters<RequestListener>) => Promise<void>): Server {
  return createServer({ maxHeaderSize: 64 * 1024, keepAliveTimeout: 65_000 }, (request, response) => {
    listener(request, response).catch(() => {
      if (response.headersSent) response.destroy();
      else send(response, json(500, { error: 'internal server error' }));
    });
  });
}

function attempts({ product, accounts, behavior, now }: ProductServerOptions): (request: IncomingMessage) => Attempt {
  const route = router(product.operations);
  let ordinal = 0;
  return ({ method = '', url = '', headers, socket }) => {
    ordinal += 1;
    const [path = ''] = url.split('?', 1);
    const { authorization } = headers;
    return {
      product,
      method,
      path,
      ...route(method, path),
      headers,
      authorization,
      credentials: behavior.credentials(authorization),
      connection: socket,
      address: socket.remoteAddress ?? '',
      ordinal,
      at: now(),
      accounts,
    };
  };
}

function answerTo(attempt: Attempt, behavior: Behavior): ReturnType<Behavior['answer']> {
  const account = accountOf(attempt, behavior);
  return !behavior.protects(attempt) || behavior.admits(attempt, account) ? behavior.answer(attempt, account) : behavior.refuse(attempt);
}

/** The account whose key is the password. Looks at every account, so that the timing reveals nothing. */
function accountOf(attempt: Attempt, { keysOf, matches }: Behavior): Account | undefined {
  const { credentials, accounts } = attempt;
  let found: Account | undefined;
  if (credentials === undefined) return found;
  for (const account of accounts) {
    for (const key of keysOf(account, attempt)) if (matches(credentials.password, key)) found = account;
  }
  return found;
}
