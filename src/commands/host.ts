/** `npm run host`: the embedded host on fixed ports, with its account page, until Ctrl-C. */
import { parseArgs } from 'node:util';
import { allDepartures, type NamedDeparture } from '../host/departures.ts';
import { type Host, type OpenedAccount, startHost } from '../host/host.ts';
import { resetRequirements } from '../judge/truth-table.ts';
import { called } from '../report/called.ts';
import { loadDocumentation, loadProducts, productOfTheExample } from '../specifications/load.ts';
import { ofProduct, productIds } from '../specifications/model.ts';
import { SpecError } from '../specifications/source.ts';
import { urlVariable } from '../specifications/variables.ts';
import { asksForHelp, helpText, notAnOption, repeatedIn } from './help.ts';
import { firstPort, portIn, portProblem, portsFrom, portsWanted } from './host/ports.ts';

interface Wanted {
  readonly json: boolean;
  readonly departure: NamedDeparture | undefined;
  readonly port: number;
}

async function main(): Promise<void> {
  const wanted = read(process.argv.slice(2));
  if (wanted === undefined) return;
  const { json, departure, port } = wanted;
  const products = specified();
  if (products === undefined) return;
  const host = await startHost({
    products,
    ports: portsFrom(port),
    ...(departure && { behavior: departure.change }),
  }).catch(explain);
  if (host === undefined) return;
  const account = host.openAccount();
  if (json) console.log(JSON.stringify({ products: host.urls, account: host.account, key: account.key }));
  console.log(introduction(host, account, departure));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void host.close());
}

/** The options; undefined where there is nothing to be done, because help was asked for or an option is wrong (exit code 2). */
function read(args: readonly string[]): Wanted | undefined {
  const options = {
    json: { type: 'boolean' },
    departure: { type: 'string' },
    port: { type: 'string' },
  } as const;
  if (asksForHelp(args)) {
    console.log(help());
    return undefined;
  }
  const { values, tokens } = parseArgs({ args: [...args], options, strict: false, tokens: true, allowPositionals: true });
  const unknown = tokens.find((token) => token.kind === 'positional' || (token.kind === 'option' && !Object.hasOwn(options, token.name)));
  if (unknown !== undefined) return wrong(notAnOption(args[unknown.index] ?? ''));
  const json = tokens.find((token) => token.kind === 'option' && token.name === 'json' && token.value !== undefined);
  if (json !== undefined) return wrong('--json takes no value.');
  const [repeated] = repeatedIn(tokens, options);
  if (repeated !== undefined) return wrong(repeated);
  const port = values.port === undefined ? firstPort : portIn(values.port);
  if (port === undefined) return wrong(portsWanted);
  const { departure: id } = values;
  if (id === undefined) return { json: values.json === true, departure: undefined, port };
  const known = allDepartures();
  const departure = known.find((each) => each.id === id);
  if (departure !== undefined) return { json: values.json === true, departure, port };
  if (typeof id !== 'string') return wrong(`--departure needs an id, such as ${known[0]?.id}. --help lists them.`);
  const ofRequirement = known.filter(({ requirement }) => requirement === id).map((each) => each.id);
  if (ofRequirement.length > 0)
    return wrong(`--departure ${id}: ${id} can be broken in several ways. Name one: ${ofRequirement.join(', ')}.`);
  return wrong(`There is no departure "${id}". Similar ids: ${near(id, known).join(', ')}.`);
}

/** Undefined if there is a mistake in `specs/`. */
function specified(): ReturnType<typeof loadProducts> | undefined {
  try {
    return loadProducts();
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    console.error(error.message);
    process.exitCode = 4;
    return undefined;
  }
}

function wrong(sentence: string): undefined {
  console.error(sentence);
  process.exitCode = 2;
}

function explain(error: Error): undefined {
  const problem = portProblem(error);
  if (problem === undefined) throw error;
  console.error(problem);
  process.exitCode = 4;
}

function introduction({ urls, account }: Host, { key }: OpenedAccount, departure: NamedDeparture | undefined): string {
  const variables = [
    `ACTIVEPROSPECT_API_KEY=${key}`,
    ...productIds.map((product) => `${urlVariable(product)}=${ofProduct(urls, product)}`),
    // Nothing here can be harmed.
    'UNSAFE_METHODS=1',
  ];
  const commands = [
    `RESET_COMMAND="curl -fsS -X POST -H 'Accept: text/plain' ${account}/account/reset"`,
    `LOGIN_COMMAND='curl -fsS -X POST ${account}/account/logins/$PRODUCT'`,
  ];
  const needsReset = resetRequirements.some((each) => each === departure?.requirement);
  const ways: readonly (readonly [what: string, line: string])[] = [
    ['Call it', exampleCall(urls, key)],
    ['See the key, reset it, log in to a product', `${account}/account`],
    ...(needsReset ? [] : [['Point the suite at it', [...variables, called('conformance')].join(' ')] as const]),
    [
      'Point the suite at it, with a reset of the key. Afterwards this key is dead, and the page above shows the new one',
      [...variables, ...commands, called('conformance', ['--reset'])].join(' '),
    ],
  ];
  return `
The embedded host is running, with its own account. Its key works nowhere else.
${departure === undefined ? 'It behaves as documented.' : `It breaks ${departure.requirement}: ${departure.why}.`}

${ways.map(([what, line]) => `${what}:\n  ${line}\n`).join('\n')}
Press Ctrl-C to stop it.`;
}

/** The page's sample call, for a shell. */
function exampleCall(urls: Host['urls'], key: string): string {
  const { method, path, username, headers } = loadDocumentation().call;
  const options = [
    ...(method === 'GET' ? [] : [`-X ${method}`]),
    ...Object.entries(headers).map(([name, value]) => `-H '${name}: ${value}'`),
  ];
  return ['curl -i', `-u '${username}:${key}'`, ...options, ofProduct(urls, productOfTheExample().id) + path].join(' ');
}

const help = (): string =>
  helpText({
    usage: called('host', ['[options]']),
    purpose: `Serves the embedded host and its account page on 127.0.0.1, ports ${Object.values(portsFrom(firstPort)).join(', ')}, until Ctrl-C.`,
    options: [
      ['--json', 'First prints one line of JSON with the addresses and the key, for other programs.'],
      ['--departure ID', 'Breaks one promise. The ids are listed below.'],
      ['--port N', `Uses ${productIds.length + 1} ports from N on.`],
    ],
    exitCodes: [
      [0, 'Ended by Ctrl-C or SIGTERM.'],
      [2, 'The options are wrong.'],
      [4, 'A port is taken or cannot be opened, or there is a mistake in specs/.'],
    ],
    examples: [called('host', ['--departure', 'failure-body/trailing-newline'])],
    more: 'Departures:',
  }).concat(
    '\n',
    allDepartures()
      .map(({ id }) => `  ${id}`)
      .join('\n'),
  );

/** The three ids that share most with this one, by pairs of neighbouring characters. */
function near(id: string, known: readonly NamedDeparture[]): readonly string[] {
  const wanted = pairsIn(id);
  const likeness = (each: string): number => {
    const pairs = pairsIn(each);
    return [...pairs].filter((pair) => wanted.has(pair)).length / (pairs.size + wanted.size);
  };
  return known
    .map((each) => each.id)
    .sort((one, other) => likeness(other) - likeness(one))
    .slice(0, 3);
}

const pairsIn = (text: string): ReadonlySet<string> =>
  new Set([...text.slice(1)].map((character, index) => text.charAt(index) + character));

main();
