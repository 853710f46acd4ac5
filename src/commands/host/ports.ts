/** The ports of `npm run host`: which ones are wanted, and why they cannot be had. */
import { called } from '../../report/called.ts';
import { type ProductId, productIds } from '../../specifications/model.ts';

/** The products' ports follow each other in their order; the account page has the last one. */
export const firstPort = 4801;

/** For each product in its order, then for the account page. */
export const portsFrom = (first: number) =>
  Object.fromEntries([...productIds, 'account' as const].map((id, place) => [id, first + place])) as Record<ProductId | 'account', number>;

/** Of `--port`, from 1 on; `true` is the option without a value. Undefined where it is no number that leaves room for the other ports. */
export function portIn(value: string | boolean): number | undefined {
  const port = typeof value === 'string' && /^\d{1,5}$/.test(value) ? Number(value) : 0;
  return port >= 1 && port <= lastFirstPort ? port : undefined;
}

const lastFirstPort = 65_535 - productIds.length;

export const portsWanted = `--port needs a number from 1 to ${lastFirstPort}: the first of ${productIds.length + 1} ports.`;

/** Why a port could not be opened, in a sentence; undefined for any other error. */
export function portProblem({ code, syscall, port }: NodeJS.ErrnoException & { readonly port?: number }): string | undefined {
  if (syscall !== 'listen') return undefined;
  if (code === 'EADDRINUSE')
    return `Port ${port} of 127.0.0.1 is in use: stop the program that listens there (perhaps another ${called('host')}), or choose other ports with --port.`;
  const why = code === 'EACCES' ? 'this user may not open it' : 'the system refuses it';
  return `Port ${port} of 127.0.0.1 cannot be opened, because ${why} (${code}): choose other ports with --port, such as ${firstPort}.`;
}
