/** The ids of the account that variables give. What an id looks like is documented with the parameter that takes it. */
import { productFiles } from '../specifications/files.ts';
import { loadProducts } from '../specifications/load.ts';
import type { IdVariable, ProductId } from '../specifications/model.ts';
import { problemsOf } from '../specifications/schema.ts';
import type { Environment } from './environment.ts';

/** Ids of the account, by product and name of the parameter. */
export type Ids = Readonly<Record<ProductId, Readonly<Record<string, string>>>>;

/** @param problem Called with a sentence for each value that is malformed. */
export function idsIn(values: Environment['values'], problem: (text: string) => undefined): Ids {
  const isSet = (variable: string): boolean => values[variable] !== undefined;
  // Usually none is set. Then no specification needs to be loaded.
  if (!productFiles().some(({ variables }) => variables.some(isSet))) return {};
  return Object.fromEntries(
    Object.values(loadProducts()).map(({ id, idVariables }) => {
      const given = idVariables.filter(({ variable }) => isSet(variable));
      for (const each of given) check(each, values[each.variable] ?? '', problem);
      return [id, Object.fromEntries(given.map(({ parameter, variable }) => [parameter, values[variable] ?? '']))];
    }),
  );
}

function check({ variable, is, write, schema }: IdVariable, value: string, problem: (text: string) => undefined): void {
  const parsed = schema.type === 'integer' && /^\d+$/.test(value) ? Number(value) : value;
  if (problemsOf(schema, parsed).length > 0) problem(`${variable} is not ${is} id. Write ${write}.`);
}
