/** Finds the documented operation for a path. */
import type { Operation } from '../specifications/model.ts';

export interface Route {
  /** For a HEAD, the GET of its path (RFC 9110 section 9.3.2). */
  readonly operation: Operation | undefined;
  /** The path's documented methods; empty for an unknown path. */
  readonly allowed: readonly string[];
}

/** Takes a method and a path, without a query. */
export function router(operations: readonly Operation[]): (method: string, path: string) => Route {
  // `/account` before `/{id}`: a literal path wins over one with parameters.
  const paths = [...new Set(operations.map(({ path }) => path))]
    .sort((one, other) => parametersIn(one) - parametersIn(other))
    .map((path) => ({ pattern: patternOf(path), byMethod: methodsOf(operations.filter((each) => each.path === path)) }));
  return (method, path) => {
    const found = paths.find(({ pattern }) => pattern.test(path))?.byMethod;
    return { operation: found?.get(method), allowed: [...(found?.keys() ?? [])] };
  };
}

const parametersIn = (path: string): number => path.split('{').length - 1;

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replaceAll(/\{[^}]*\}|[^{]+/g, (part) => (part.startsWith('{') ? '[^/]+' : literal(part)))}$`);

const literal = (text: string): string => text.replaceAll(/[.*+?^$|()[\]\\]/g, '\\$&');

function methodsOf(operations: readonly Operation[]): ReadonlyMap<string, Operation> {
  const byMethod = new Map<string, Operation>(operations.map((each) => [each.method, each]));
  const get = byMethod.get('GET');
  return get === undefined ? byMethod : byMethod.set('HEAD', get);
}
