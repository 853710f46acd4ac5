/** From variables to what is tested. Pure: what is wrong comes back as sentences, all of them at once. */
import { isLoopback } from '../http/loopback.ts';
import { Secret } from '../keys/secret.ts';
import { type ProductId, productIds } from '../specifications/model.ts';
import { type Environment, type Variable, variableNames, variables } from './environment.ts';
import { UsageError } from './usage.ts';

export interface ProductTarget {
  readonly id: ProductId;
  /** Base URL; `live` stands for the documented one, which the specification knows. */
  readonly base: URL | 'live';
}

export interface Configuration {
  readonly kind: 'embedded' | 'own';
  /** The user's own products; empty for the embedded host. */
  readonly products: readonly ProductTarget[];
  readonly key: Secret | undefined;
  readonly oldKey: Secret | undefined;
  /** The user's own, for a reset; undefined unless both are set. */
  readonly commands: { readonly reset: Secret; readonly login: Secret } | undefined;
  readonly certificateId: string | undefined;
  readonly reportsDir: string;
  readonly runName: string | undefined;
  readonly timeoutMs: number;
  /** Undefined: the default of the host. */
  readonly perSecond: number | undefined;
  readonly unsafeMethods: boolean;
  readonly plainHttpHosts: readonly string[];
  /** Undefined: to be drawn. */
  readonly seed: number | undefined;
}

/** The variable that names a product's base URL. */
export const urlVariables: Readonly<Record<ProductId, Variable>> = {
  leadconduit: 'LEADCONDUIT_URL',
  trustedform: 'TRUSTEDFORM_URL',
  suppressionlist: 'SUPPRESSIONLIST_URL',
};

export const secretNames: readonly Variable[] = variableNames.filter((name) => variables[name] === 'secret');

/** In characters. A shorter one could not be searched for. */
const shortestKey = 8;

/** The keys as they were given, be the rest as wrong as it may: whatever is said of it must not show them. */
export const keysIn = ({ values }: Environment): readonly Secret[] =>
  [values.ACTIVEPROSPECT_API_KEY, values.ACTIVEPROSPECT_OLD_API_KEY].flatMap((key) =>
    key !== undefined && key.length >= shortestKey ? [new Secret(key)] : [],
  );

/**
 * @param asked Keys and hosts that are not named will be asked for.
 * @throws UsageError with every problem, one sentence each.
 */
export function readConfiguration({ values, problems: unknown }: Environment, asked = false): Configuration {
  const problems = [...unknown];
  const problem = (text: string): undefined => {
    problems.push(text);
    return undefined;
  };
  const plainHttpHosts = (values.PLAIN_HTTP_HOSTS ?? '')
    .split(',')
    .flatMap((each) => (each.trim() === '' ? [] : [each.trim().toLowerCase()]));
  for (const host of plainHttpHosts)
    if (!/^[a-z0-9._:[\]-]+$/.test(host))
      problem(`PLAIN_HTTP_HOSTS holds "${host}": not a name of a host. Write exact names, comma-separated, without scheme or port.`);

  const products = productIds.flatMap((id): ProductTarget[] => {
    const value = values[urlVariables[id]];
    const base = value === undefined ? undefined : baseOf(urlVariables[id], value, plainHttpHosts, problem);
    return base === undefined ? [] : [{ id, base }];
  });
  const named = productIds.some((id) => values[urlVariables[id]] !== undefined);
  const { ACTIVEPROSPECT_API_KEY: key, ACTIVEPROSPECT_OLD_API_KEY: oldKey } = values;
  if (named && key === undefined && !asked)
    problem('ACTIVEPROSPECT_API_KEY is not set: a host is named, and nothing can be said of it without the key of an account.');
  if (!named && !asked && (key !== undefined || oldKey !== undefined))
    problem(
      'A key is set, but no host named: LEADCONDUIT_URL=live tests the documented one, a URL another (likewise TRUSTEDFORM_URL, SUPPRESSIONLIST_URL).',
    );
  for (const [name, value] of [
    ['ACTIVEPROSPECT_API_KEY', key],
    ['ACTIVEPROSPECT_OLD_API_KEY', oldKey],
  ] as const)
    if (value !== undefined && keyProblem(value) !== undefined) problem(`${name} ${keyProblem(value)}`);
  if (key !== undefined && key === oldKey)
    problem(
      'ACTIVEPROSPECT_OLD_API_KEY is the same as ACTIVEPROSPECT_API_KEY. Set it to the key from before the last reset, or not at all.',
    );

  const certificateId = values.TRUSTEDFORM_CERTIFICATE_ID;
  if (certificateId !== undefined && !/^[\w-]{1,255}$/.test(certificateId))
    problem('TRUSTEDFORM_CERTIFICATE_ID is no certificate id: write the id alone (letters, digits, at most 255), not the whole URL.');
  const timeoutMs = numberOf('REQUEST_TIMEOUT_MS', values.REQUEST_TIMEOUT_MS, { whole: true, least: 1, most: 600_000 }, problem) ?? 10_000;
  const perSecond = numberOf(
    'MAX_REQUESTS_PER_SECOND',
    values.MAX_REQUESTS_PER_SECOND,
    { whole: false, least: 0.01, most: 100_000 },
    problem,
  );
  const seed = numberOf('SEED', values.SEED, { whole: true, least: 0, most: 2 ** 31 - 1 }, problem);
  const unsafe = values.UNSAFE_METHODS;
  if (unsafe !== undefined && unsafe !== '1' && unsafe !== '0')
    problem(`UNSAFE_METHODS is "${unsafe}": write 1 to send POST, PUT, PATCH and DELETE as well, or leave it out.`);
  for (const name of ['RUN_NAME', 'REPORTS_DIR'] as const)
    if (/\p{Cc}/u.test(values[name] ?? '')) problem(`${name} holds a control character. Write it in one line of plain text.`);
  if (problems.length > 0) throw new UsageError(problems);

  return {
    kind: named ? 'own' : 'embedded',
    products,
    key: key === undefined ? undefined : new Secret(key),
    oldKey: oldKey === undefined ? undefined : new Secret(oldKey),
    commands:
      values.RESET_COMMAND === undefined || values.LOGIN_COMMAND === undefined
        ? undefined
        : { reset: new Secret(values.RESET_COMMAND), login: new Secret(values.LOGIN_COMMAND) },
    certificateId,
    reportsDir: values.REPORTS_DIR ?? 'reports',
    runName: values.RUN_NAME,
    timeoutMs,
    perSecond,
    unsafeMethods: unsafe === '1',
    plainHttpHosts,
    seed,
  };
}

type Problem = (text: string) => undefined;

function baseOf(name: Variable, value: string, plainHttpHosts: readonly string[], problem: Problem): URL | 'live' | undefined {
  if (value === 'live') return 'live';
  if (!URL.canParse(value) || !/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
    return problem(`${name} is ${quoted(value)}: not a URL. Write it with its scheme (https://…), or live for the documented one.`);
  const url = new URL(value);
  if (url.username !== '' || url.password !== '')
    return problem(`${name} holds a user or a password. Leave them out: the key goes into ACTIVEPROSPECT_API_KEY.`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return problem(`${name} is ${quoted(value)}: its scheme is neither https nor http.`);
  if (url.search !== '' || url.hash !== '') return problem(`${name} is ${quoted(value)}: a base URL has no query and no fragment.`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !plainHttpHosts.includes(url.hostname.replace(/\.$/, '')))
    return problem(
      `${name} is ${quoted(value)}: a key must not travel over plain http. Write https, or name ${url.hostname} in PLAIN_HTTP_HOSTS if nobody can listen there.`,
    );
  return url;
}

/** A value as it was given, cut; nothing of a user or a password in it. */
const quoted = (value: string): string => JSON.stringify(value.replace(/\/\/[^/@]*@/, '//…@').slice(0, 100));

/** Why this can be no key, as the rest of a sentence about it; undefined where it may be one. */
export function keyProblem(value: string): string | undefined {
  if (/[\r\n]/.test(value)) return 'holds a line break. A key is one line: see how it was pasted.';
  if (value === '1234567890')
    return 'is the example of the documentation, not a key. Take yours from the account settings of ActiveProspect ID.';
  if ([...value].length < shortestKey)
    return `is shorter than ${shortestKey} characters. A text so short could not be searched for in the reports: see whether it is whole.`;
  return undefined;
}

function numberOf(
  name: Variable,
  value: string | undefined,
  range: { whole: boolean; least: number; most: number },
  problem: Problem,
): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : Number.NaN;
  if (!(number >= range.least && number <= range.most) || (range.whole && !Number.isInteger(number)))
    return problem(`${name} is ${quoted(value)}: not a ${range.whole ? 'whole number' : 'number'} from ${range.least} to ${range.most}.`);
  return number;
}

/** Stands for the value of a variable that has none. */
export const notSet = 'not set';

/** The effective configuration by variable, secrets by whether they are set. */
export function settings({ values }: Environment, configuration: Configuration, seed: number): readonly (readonly [string, string])[] {
  const effective: Partial<Record<Variable, string>> = {
    REPORTS_DIR: configuration.reportsDir,
    REQUEST_TIMEOUT_MS: String(configuration.timeoutMs),
    SEED: String(seed),
  };
  return variableNames.map((name) => [
    name,
    variables[name] === 'secret' ? (values[name] === undefined ? notSet : 'set') : (effective[name] ?? values[name] ?? notSet),
  ]);
}
