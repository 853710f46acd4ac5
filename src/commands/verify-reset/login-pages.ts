/** Where people log in to the products that are watched. */
import { loadProducts } from '../../specifications/load.ts';
import type { ProductId } from '../../specifications/model.ts';

export type LoginPages = Readonly<Record<ProductId, string>>;

/** The documented page belongs to the documented host: a product on another host has none, nor has one whose page is not known. */
export function loginPagesOf(bases: Readonly<Record<ProductId, string | undefined>>): LoginPages {
  const specs = Object.values(loadProducts());
  return Object.fromEntries(
    specs.flatMap(({ id, server, loginPage }) => (loginPage !== undefined && isDocumented(bases[id], server) ? [[id, loginPage]] : [])),
  );
}

/** `base`: as configured; undefined stands for the documented host. */
export const isDocumented = (base: string | undefined, server: string): boolean =>
  base === undefined || new URL(base).origin === new URL(server).origin;

/** The product's title, or `TITLE at https://…`. */
export const placeToLogIn = (title: string, page: string | undefined): string => (page === undefined ? title : `${title} at ${page}`);
