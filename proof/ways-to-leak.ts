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

/** One way in which a key could leak. */
export interface Leak {
  /** The URL of the tested host. By default, a host that refuses every call and returns what was sent. */
  readonly host?: (key: string, make: Making) => Promise<URL>;
  readonly args?: readonly string[];
  readonly variables?: Readonly<Record<string, string>> | ((key: string) => Readonly<Record<string, string>>);
  /** Other files that it needs, by name; `AT` in an argument or a variable stands for their folder. */
  readonly files?: (key: string, url: URL) => Readonly<Record<string, string>>;
  readonly code: number;
  /** Text that must be printed, to prove that the leak was really attempted. */
  readonly says: string | RegExp;
}

const refusals = ['--grep', 'failure-|key-private'];
const allReporters = ['--reporter', 'html,json,junit,blob,list'];

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
export const refusesAll =
  (key: string): Listener =>
  ({ headers }, response) =>
    response
      .writeHead(401, `No ${key}`, { 'X-Key': key, Via: headers.authorization ?? '', 'Content-Type': 'application/json' })
      .end(JSON.stringify({ error: `API:${key}`, sent: headers.authorization }));

const socketThat =
  (say: (socket: Socket, asked: Buffer) => void) =>
  async (_key: string, { socketHost }: Making): Promise<URL> =>
    socketHost((socket) => socket.once('data', (asked: Buffer) => say(socket, asked)));

export const leaks: Readonly<Record<string, Leak>> = {
  'a host that refuses the connection': {
    host: async (_key, { listening }) => {
      const server = createServer();
      const url = await listening(server);
      await new Promise((resolve) => server.close(resolve));
      return url;
    },
    args: refusals,
    code: 3,
    says: 'connection refused',
  },
  'a host that resets the connection': {
    host: socketThat((socket) => socket.resetAndDestroy()),
    args: refusals,
    code: 3,
    says: 'unreachable',
  },
  'a host that never answers': {
    host: socketThat(() => {}),
    args: [...refusals, ...allReporters],
    variables: { REQUEST_TIMEOUT_MS: '120' },
    code: 3,
    says: 'timeout',
  },
  'a host that returns what was sent, but not as HTTP': {
    host: socketThat((socket, asked) => socket.end(`came ${asked.toString('latin1')}`)),
    args: refusals,
    code: 3,
    says: 'malformed',
  },
  'a host that stops halfway while it returns what was sent': {
    host: socketThat((socket, asked) => socket.end(`HTTP/1.1 401 No\r\nContent-Length: 9999\r\n\r\n${asked.toString('latin1')}`)),
    args: refusals,
    code: 3,
    says: 'malformed',
  },
  'a host with an untrusted certificate': {
    host: async (key, { secureHost }) => (await secureHost(refusesAll(key))).url,
    args: refusals,
    code: 3,
    says: 'TLS failed',
  },
  'a host that returns the key in its body, in every form': {
    host: async (key, { host }) =>
      (await host(takes(key, (response, sent) => response.writeHead(401).end([sent, ...written(key)].join('\n'))))).url,
    args: [...refusals, ...allReporters],
    code: 1,
    says: '[masked]',
  },
  'a host that returns the key in its headers, in every form': {
    host: async (key, { host }) =>
      (
        await host(
          takes(key, (response, sent) => {
            for (const [index, each] of inHeaders(key).entries()) response.setHeader(`X-Key-${index}`, each);
            response.setHeader('Set-Cookie', [`key=${key}; Path=/`, `pair=${encodeURIComponent(`API:${key}`)}`]);
            response.writeHead(302, key, { Location: `https://elsewhere.test/?sent=${encodeURIComponent(sent || key)}` }).end();
          }),
        )
      ).url,
    args: [...refusals, ...allReporters],
    code: 1,
    says: '302',
  },
  'a host that redirects with the right key': {
    host: async (key, { host }) =>
      (await host((_request, response) => response.writeHead(302, { Location: `/login/${encodeURIComponent(key)}?key=${key}` }).end())).url,
    args: ['--grep', 'key-for-all-calls', ...allReporters],
    code: 3,
    says: 'no-control',
  },
  'every reporter, and traces': { args: [...refusals, ...allReporters, '--trace', 'on'], code: 3, says: 'key-refused' },
  'debug output of Node.js and Playwright': {
    args: refusals,
    variables: { DEBUG: '*', NODE_DEBUG: '*' },
    code: 3,
    says: /^CHILD_PROCESS \d+/m,
  },
  'debug output when the command itself sends requests': {
    args: ['--preflight'],
    variables: { DEBUG: '*', NODE_DEBUG: 'http,https,net,tls,undici,stream,child_process' },
    code: 3,
    says: /^NET \d+/m,
  },
  'a preflight': { args: ['--preflight'], code: 3, says: /No \[masked\]/ },
  // This is a process that starts only if there is something to compile.
  'the TypeScript compiler': { args: ['--preflight'], variables: { TSX_DISABLE_CACHE: '1' }, code: 3, says: 'refuses the key' },
  'a reporter that prints the key and throws it': {
    args: [...refusals, '--reporter', 'AT/reporter.cjs'],
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
    }),
    code: 3,
    says: 'the reporter has [masked]',
  },
  'a reporter that writes the key into a file': {
    args: [...refusals, '--reporter', 'AT/reporter.cjs'],
    files: (key) => ({
      key,
      'reporter.cjs': `const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
        const folder = process.env.PLAYWRIGHT_HTML_OUTPUT_DIR;
        module.exports = class {
          onEnd() { mkdirSync(folder, { recursive: true }); writeFileSync(folder + '/mine.txt', readFileSync(__dirname + '/key')); }
        };`,
    }),
    code: 5,
    says: 'A secret was found in playwright/html/mine.txt: the file was deleted.',
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
    says: 'the test threw [masked]',
  },
  // Allure's own reporter would attach it.
  'a test that prints the key': {
    args: [...refusals, '--reporter', 'list'],
    variables: { NODE_OPTIONS: '--require=AT/printer.cjs' },
    files: (key) => ({
      key,
      'printer.cjs': `const key = require('node:fs').readFileSync(__dirname + '/key', 'utf8');
        const print = () => { console.log('the test has', key); console.error('the test has', key); };
        if (process.argv[1]?.includes('workerProcessEntry')) setInterval(print, 1);`,
    }),
    code: 3,
    says: 'the test has [masked]',
  },
  // Allure's own reporter would copy them into each result.
  'Allure labels and names in the environment': {
    args: refusals,
    variables: (key) => ({ ALLURE_LABEL_owner: key, ALLURE_HOST_NAME: key, ALLURE_THREAD_NAME: key }),
    code: 3,
    says: 'key-refused',
  },
  'a run name that contains the key': {
    args: refusals,
    variables: (key) => ({ RUN_NAME: `with ${key}` }),
    code: 5,
    says: 'A secret was found in conformance.json: the file was deleted.',
  },
  // Of a time at which it was not known as a key.
  'the key in the history of an earlier run': {
    args: [...refusals, '--since', 'AT/'],
    files: (key, url) => earlierRun(url, `expected 401, got ${key}`),
    code: 5,
    says: /in allure\/index\.html: the file was deleted[\s\S]*in allure\/history\.jsonl: the file was deleted/,
  },
  'the key in the wrong variable': {
    variables: (key) => ({ REQUEST_TIMEOUT_MS: key, UNSAFE_METHODS: key, TRUSTEDFORM_URL: key, PLAIN_HTTP_HOSTS: key, SEED: key }),
    code: 2,
    says: 'REQUEST_TIMEOUT_MS is "[masked]"',
  },
  'the key in a folder that cannot be created': {
    args: refusals,
    variables: (key) => ({ REPORTS_DIR: `/dev/null/${encodeURIComponent(key)}` }),
    code: 4,
    says: 'cannot be written',
  },
};
