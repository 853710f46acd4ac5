/** Makes the configuration from the variables. A pure function that reports all problems at once. */
import { shortestKey } from '../keys/forms.ts';
import { Secret } from '../keys/secret.ts';
import { listed } from '../listed.ts';
import { isLoopback } from '../loopback.ts';
import { type ProductId, productIds } from '../specifications/model.ts';
import { urlVariable, variables } from '../specifications/variables.ts';
import { type Environment, variableNames } from './environment.ts';
import { type Ids, idsIn } from './ids.ts';
import { urlVariables } from './naming.ts';
import { UsageError } from './usage.ts';

export interface ProductTarget {
  readonly id: ProductId;
  /** Base URL; `live` stands for the documented one in the specification. */
  readonly base: URL | 'live';
}

/** What a run is configured to do, all of it valid. */
export interface Configuration {
  readonly kind: 'embedded' | 'own';
  /** The user's own products; empty for the embedded host. */
  readonly products: readonly ProductTarget[];
  readonly key: Secret | undefined;
  readonly oldKey: Secret | undefined;
  /** The user's commands for a reset; undefined unless both are set. */
  readonly commands: { readonly reset: Secret; readonly login: Secret } | undefined;
  readonly ids: Ids;
  readonly reportsDir: string;
  readonly runName: string | undefined;
  readonly timeoutMs: number;
  /** Requests per second; undefined: the default for the host. */
  readonly perSecond: number | undefined;
  readonly unsafeMethods: boolean;
  readonly plainHttpHosts: readonly string[];
  /** Undefined: a random one is drawn. */
  readonly seed: number | undefined;
}

/** The variables that hold keys, or commands that may contain some. */
export const secretNames: readonly string[] = variableNames.filter((name) => variables[name] === 'secret');

/** The keys as they were given, even if other settings are invalid: no error message may show them. */
export const keysIn = ({ values }: Environment): readonly Secret[] =>
  [values.ACTIVEPROSPECT_API_KEY, values.ACTIVEPROSPECT_OLD_API_KEY].flatMap((key) =>
    key !== undefined && key.length >= shortestKey ? [new Secret(key)] : [],
  );

/**
 * @param asked The user will be prompted for missing keys and hosts, so these are no problem.
 * @throws UsageError with one sentence for each problem.
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
      problem(`PLAIN_HTTP_HOSTS contains "${host}", which is not a host name. Write exact names, comma-separated, without scheme or port.`);

  const products = productIds.flatMap((id): ProductTarget[] => {
    const value = values[urlVariable(id)];
    const base = value === undefined ? undefined : baseOf(urlVariable(id), value, plainHttpHosts, problem);
    return base === undefined ? [] : [{ id, base }];
  });
  const named = productIds.some((id) => values[urlVariable(id)] !== undefined);
  const { ACTIVEPROSPECT_API_KEY: key, ACTIVEPROSPECT_OLD_API_KEY: oldKey } = values;
  if (named && key === undefined && !asked)
    problem('ACTIVEPROSPECT_API_KEY is not set, but a host is named. Set it to the key of an account on that host.');
  if (!named && !asked && (key !== undefined || oldKey !== undefined))
    problem(`A key is set, but no host is named. Set ${listed(urlVariables, 'or')} to live (the documented host) or to a URL.`);
  for (const [name, value] of [
    ['ACTIVEPROSPECT_API_KEY', key],
    ['ACTIVEPROSPECT_OLD_API_KEY', oldKey],
  ] as const)
    if (value !== undefined && keyProblem(value) !== undefined) problem(`${name} ${keyProblem(value)}`);
  if (key !== undefined && key === oldKey)
    problem(
      'ACTIVEPROSPECT_OLD_API_KEY is the same as ACTIVEPROSPECT_API_KEY. Set it to the key from before the last reset, or remove it.',
    );

  const ids = idsIn(values, problem);
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
    problem(`UNSAFE_METHODS is "${unsafe}". Write 1 to also send POST, PUT, PATCH and DELETE, or remove it.`);
  for (const name of ['RUN_NAME', 'REPORTS_DIR'] as const)
    if (/\p{Cc}/u.test(values[name] ?? '')) problem(`${name} contains a control character. Write it as one line of plain text.`);
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
    ids,
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

function baseOf(name: string, value: string, plainHttpHosts: readonly string[], problem: Problem): URL | 'live' | undefined {
  if (value === 'live') return 'live';
  if (!URL.canParse(value) || !/^[a-z][a-z0-9+.-]*:\/\//i.test(value))
    return problem(`${name} is not a URL. Write it with its scheme (https://…), or live for the documented host.`);
  const url = new URL(value);
  if (url.username !== '' || url.password !== '')
    return problem(`${name} contains a user name or a password. Remove it: the key belongs in ACTIVEPROSPECT_API_KEY.`);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return problem(`${name} is ${quoted(value)}, whose scheme is neither https nor http. Write a URL that begins with https://.`);
  if (url.search !== '' || url.hash !== '')
    return problem(`${name} is ${quoted(value)}. A base URL has no query and no fragment: remove them.`);
  if (url.protocol === 'http:' && !isLoopback(url.hostname) && !plainHttpHosts.includes(url.hostname.replace(/\.$/, '')))
    return problem(
      `${name} is ${quoted(value)}, but a key must not be sent over plain http. Write https, or name ${url.hostname} in PLAIN_HTTP_HOSTS if no one else can read that traffic.`,
    );
  return url;
}

/** A value as it was given, shortened, without the parts of a URL that may hold a key. */
const quoted = (value: string): string =>
  JSON.stringify(
    value
      .replace(/[?#].*$/s, (rest) => `${rest[0]}…`)
      .replace(/\/\/.*@/s, '//…@')
      .slice(0, 100),
  );

/** Why this cannot be a key, as the end of a sentence that begins with its name; undefined if it may be one. */
export function keyProblem(value: string): string | undefined {
  if (/[\r\n]/.test(value)) return 'contains a line break. A key is one line: paste it again.';
  if (value === '1234567890')
    return 'is the example of the documentation, not a key. Copy yours from the account settings of ActiveProspect ID.';
  if ([...value].length < shortestKey)
    return `is shorter than ${shortestKey} characters, too short to be searched for in the reports. Check that the key is complete.`;
  return undefined;
}

function numberOf(
  name: string,
  value: string | undefined,
  range: { whole: boolean; least: number; most: number },
  problem: Problem,
): number | undefined {
  if (value === undefined) return undefined;
  const number = /^\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : Number.NaN;
  if (!(number >= range.least && number <= range.most) || (range.whole && !Number.isInteger(number)))
    return problem(
      `${name} is ${quoted(value)}, which is not a ${range.whole ? 'whole number' : 'number'} from ${range.least} to ${range.most}.`,
    );
  return number;
}

/** Shown for a variable that has no value. */
export const notSet = 'not set';

/** The effective value of each variable; for secrets only whether they are set. */
export function settings({ values }: Environment, configuration: Configuration, seed: number): readonly (readonly [string, string])[] {
  const effective: Partial<Record<string, string>> = {
    REPORTS_DIR: configuration.reportsDir,
    REQUEST_TIMEOUT_MS: String(configuration.timeoutMs),
    SEED: String(seed),
  };
  return variableNames.map((name) => [
    name,
    variables[name] === 'secret' ? (values[name] === undefined ? notSet : 'set') : (effective[name] ?? values[name] ?? notSet),
  ]);
}
