/** Ways in which a key could leak: hosts that return it, options that print and keep more, tests and reporters that misbehave. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { everyWay } from './key-forms.ts';
import { earlierRun } from './leak-fixtures.ts';

type Listener = (request: IncomingMessage, response: ServerResponse, before: number) => void;

interface Making {
  readonly host: (listener: Listener) => Promise<{ readonly url: URL }>;
  readonly secureHost: (listener: Listener) => Promise<{ readonly url: URL }>;
  readonly socketHost: (answer: (socket: Socket) => void) => Promise<URL>;
  readonly listening: (server: Server) => Promise<URL>;
}

type HostOf = (key: string, make: Making) => Promise<URL>;

/** A run in which a key could leak in one way or in several. */
export interface Leak {
  /** The hosts of up to three products. By default, one that refuses every call and returns what was sent. */
  readonly hosts?: readonly HostOf[];
  readonly args?: readonly string[];
  readonly variables?: Readonly<Record<string, string>> | ((key: string) => Readonly<Record<string, string>>);
  /** Other files that it needs, by name; `AT` in an argument or a variable stands for their folder. */
  readonly files?: (key: string, urls: readonly URL[]) => Readonly<Record<string, string>>;
  /** `dist/` is not up to date. */
  readonly compiles?: true;
  readonly code: number;
  /** Texts that must be printed, and files that must be left, to prove that each leak was really attempted. */
  readonly says: readonly (string | RegExp)[];
  readonly leaves?: readonly string[];
}

const refusals = ['--grep', 'failure-|key-private'];
const allReporters = ['--reporter', 'html,json,junit,blob,list'];
const theirReports = ['playwright/html/index.html', 'playwright/report.json', 'playwright/junit.xml'];

/** Accepts the right key and answers all other calls with `refuse`. */
const takes =
  (key: string, refuse: (response: ServerResponse, sent: string) => void): Listener =>
  ({ headers }, response) => {
    const sent = headers.authorization ?? '';
    const pair = Buffer.from(sent.split(' ')[1] ?? '', 'base64').toString();
    if (pair.slice(pair.indexOf(':') + 1) === key) response.writeHead(200, { 'X-Key': key }).end(JSON.stringify({ lists: key }));
    else refuse(response, sent);
  };

const written = (key: string): readonly string[] =>
  [key, `API:${key}`].flatMap((text) => Object.values(everyWay).map((write) => write(text)));
const inHeaders = (key: string): readonly string[] =>
  written(key).filter((each) => /^[\x21-\x7e][\x20-\x7e]*$/.test(each) && each.length < 300);

/** Refuses every call and returns what was sent, which ends a run quickly. */
const refusesAll =
  (key: string): Listener =>
  ({ headers }, response) =>
    response
      .writeHead(401, `No ${key}`, { 'X-Key': key, Via: headers.authorization ?? '', 'Content-Type': 'application/json' })
      .end(JSON.stringify({ error: `API:${key}`, sent: headers.authorization }));

/** The default host. */
export const refusesEvery: HostOf = async (key, { host }) => (await host(refusesAll(key))).url;

const socketThat =
  (say: (socket: Socket, asked: Buffer) => void): HostOf =>
  async (_key, { socketHost }) =>
    socketHost((socket) => socket.once('data', (asked: Buffer) => say(socket, asked)));

const refusesTheConnection: HostOf = async (_key, { listening }) => {
  const server = createServer();
  const url = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return url;
};
const untrusted: HostOf = async (key, { secureHost }) => (await secureHost(refusesAll(key))).url;
const returnsInBody: HostOf = async (key, { host }) =>
  (await host(takes(key, (response, sent) => response.writeHead(401).end([sent, ...written(key)].join('\n'))))).url;
const returnsInHeaders: HostOf = async (key, { host }) =>
  (
    await host(
      takes(key, (response, sent) => {
        for (const [index, each] of inHeaders(key).entries()) response.setHeader(`X-Key-${index}`, each);
        response.setHeader('Set-Cookie', [`key=${key}; Path=/`, `pair=${encodeURIComponent(`API:${key}`)}`]);
        response.writeHead(302, key, { Location: `https://elsewhere.test/?sent=${encodeURIComponent(sent || key)}` }).end();
      }),
    )
  ).url;
const redirects: HostOf = async (key, { host }) =>
  (await host((_request, response) => response.writeHead(302, { Location: `/login/${encodeURIComponent(key)}?key=${key}` }).end())).url;

export const leaks: Readonly<Record<string, Leak>> = {
  'a host that refuses the connection, one that resets it, and one that stops halfway while it returns what was sent': {
    hosts: [
      refusesTheConnection,
      socketThat((socket) => socket.resetAndDestroy()),
      socketThat((socket, asked) => socket.end(`HTTP/1.1 401 No\r\nContent-Length: 9999\r\n\r\n${asked.toString('latin1')}`)),
    ],
    args: [...refusals, ...allReporters],
    code: 3,
    says: ['connection refused', 'unreachable', 'malformed'],
  },
  'a host that never answers, one that returns what was sent but not as HTTP, and one with an untrusted certificate': {
    hosts: [socketThat(() => {}), socketThat((socket, asked) => socket.end(`came ${asked.toString('latin1')}`)), untrusted],
    args: [...refusals, ...allReporters],
    variables: { REQUEST_TIMEOUT_MS: '300' },
    code: 3,
    says: ['timeout', 'malformed', 'TLS failed'],
  },
  'a host that returns the key in every form in its body, one in its headers, and one that redirects with it': {
    hosts: [returnsInBody, returnsInHeaders, redirects],
    args: ['--grep', 'failure-|key-', ...allReporters],
    code: 1,
    says: ['[masked]', '302', 'no-control'],
    leaves: theirReports,
  },
  // Allure's own reporter would copy what the environment says into each result.
  'every reporter, traces, and Allure labels and names in the environment': {
    args: [...refusals, ...allReporters, '--trace', 'on'],
    variables: (key) => ({ ALLURE_LABEL_owner: key, ALLURE_HOST_NAME: key, ALLURE_THREAD_NAME: key }),
    code: 3,
    says: ['key-refused'],
    leaves: theirReports,
  },
  'debug output when the command itself sends requests': {
    args: ['--preflight'],
    variables: { DEBUG: '*', NODE_DEBUG: 'http,https,net,tls,undici,stream,child_process' },
    code: 3,
    says: [/^NET \d+/m],
  },
  'a preflight': { args: ['--preflight'], code: 3, says: [/No \[masked\]/] },
  // This is a process that starts only if there is something to compile.
  'the TypeScript compiler': { args: ['--preflight'], compiles: true, code: 3, says: ['refuses the key'] },
  // Allure's own reporter would attach what a test prints.
  'a reporter that prints the key and throws it, a test that prints it, and debug output of Node.js and Playwright': {
    args: [...refusals, '--reporter', 'list,AT/reporter.cjs'],
    variables: { NODE_OPTIONS: '--require=AT/printer.cjs', DEBUG: '*', NODE_DEBUG: '*' },
    files: (key) => ({
      key,
      'reporter.cjs': `const key = require('node:fs').readFileSync(__dirname + '/key', 'utf8');
        module.exports = class {
          onBegin() {
            console.log('the reporter has', key);
            process.stdout.write(key.slice(0, 9));
            process.stdout.write(key.slice(9) + '\\n');
            console.error(Buffer.from('API:' + key).toString('base64'), Buffer.from(key));
          }
          onTestEnd() { throw new Error('the reporter threw ' + key); }
        };`,
      'printer.cjs': `const key = require('node:fs').readFileSync(__dirname + '/key', 'utf8');
        const print = () => { console.log('the test has', key); console.error('the test has', key); };
        if (process.argv[1]?.includes('workerProcessEntry')) setInterval(print, 1);`,
    }),
    code: 3,
    says: ['the reporter has [masked]', 'the test has [masked]', /^CHILD_PROCESS \d+/m],
  },
  // The history is of a time at which the key was not known as one.
  'a reporter that writes the key into a file, a run name that contains it, and the history of an earlier run': {
    args: [...refusals, '--reporter', 'AT/reporter.cjs', '--since', 'AT/'],
    variables: (key) => ({ RUN_NAME: `with ${key}` }),
    files: (key, [url]) => ({
      ...earlierRun(url as URL, `expected 401, got ${key}`),
      key,
      'reporter.cjs': `const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
        const folder = process.env.PLAYWRIGHT_HTML_OUTPUT_DIR;
        module.exports = class {
          onEnd() { mkdirSync(folder, { recursive: true }); writeFileSync(folder + '/mine.txt', readFileSync(__dirname + '/key')); }
        };`,
    }),
    code: 5,
    says: [
      'A secret was found in playwright/html/mine.txt: the file was deleted.',
      'A secret was found in conformance.json: the file was deleted.',
      'in allure/index.html: the file was deleted',
      'in allure/history.jsonl: the file was deleted',
    ],
  },
  'a test that throws the key': {
    args: [...refusals, ...allReporters],
    variables: { NODE_OPTIONS: '--require=AT/thrower.cjs' },
    files: (key) => ({
      key,
      'thrower.cjs': `const fs = require('node:fs'), { readFileSync } = fs;
        const key = readFileSync(__dirname + '/key', 'utf8');
        fs.readFileSync = (file, ...rest) => {
          if (String(file).endsWith('run-context.json')) throw new Error('the test threw ' + key);
          return readFileSync(file, ...rest);
        };`,
    }),
    code: 4,
    says: ['the test threw [masked]'],
  },
  'the key in the wrong variable': {
    variables: (key) => ({ REQUEST_TIMEOUT_MS: key, UNSAFE_METHODS: key, TRUSTEDFORM_URL: key, PLAIN_HTTP_HOSTS: key, SEED: key }),
    code: 2,
    says: ['REQUEST_TIMEOUT_MS is "[masked]"'],
  },
  'the key in a folder that cannot be created': {
    args: refusals,
    variables: (key) => ({ REPORTS_DIR: `/dev/null/${encodeURIComponent(key)}` }),
    code: 4,
    says: ['cannot be written'],
  },
};
