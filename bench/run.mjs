/** `npm run bench`: this suite, Newman and a bare client on one host, in turns. Prints medians, ratios, peak memory and the suite's own split. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startHost } from './host.mjs';
import { collection } from './peers.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const suite = join(here, '..');
const rounds = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const key = randomBytes(20).toString('hex');
const host = await startHost(key);
const slow = await startHost(key, 100);

const own = (args, url) => ({
  command: ['node', '-r', './src/commands/keys-apart.cjs', '-r', 'tsx/cjs', 'src/commands/conformance.ts', ...args],
  cwd: suite,
  env: { ACTIVEPROSPECT_API_KEY: key, LEADCONDUIT_URL: url, REPORTS_DIR: join(folder, 'reports'), SEED: '1', CONFORMANCE_NO_DOTENV: '1' },
});
const newman = (checks) => ({
  command: [
    'node',
    join(here, 'node_modules/newman/bin/newman.js'),
    'run',
    collection(folder, host.url, checks),
    '--reporters',
    'cli',
    '--silent',
  ],
});
const bare = (checks) => ({ command: ['node', join(here, 'bare.mjs'), host.url, String(checks)] });

const subjects = {
  'bare client, 600 checks': bare(600),
  'Newman, 600 checks': newman(600),
  'this suite, one requirement': own(['--grep', 'failure-body'], host.url),
  'this suite, LeadConduit': own([], host.url),
  'this suite, embedded host': { ...own([], ''), env: { REPORTS_DIR: join(folder, 'reports'), SEED: '1', CONFORMANCE_NO_DOTENV: '1' } },
  'this suite, LeadConduit, 100 ms an answer': own([], slow.url),
  'bare client, 6,000 checks': bare(6000),
  'Newman, 6,000 checks': newman(6000),
};

const results = new Map(Object.keys(subjects).map((name) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const [name, subject] of Object.entries(subjects)) {
    // What takes half a minute or more is not what is waited for five times.
    if (round > 0 && /6,000|100 ms/.test(name)) continue;
    for (const each of [host, slow]) each.forget();
    results.get(name).push(await timed(subject));
  }

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const of = (name, what) => median(results.get(name).map((each) => each[what] ?? 0));
const reference = of('Newman, 600 checks', 'seconds');
console.log(`${cpus().length} cores (${cpus()[0].model}), Node.js ${process.versions.node}, ${rounds} rounds, medians\n`);
console.log(
  '| what | seconds | beside Newman | checks | requests | peak memory, MB | to the first request, s | asking, s | after the last, s |',
);
console.log('|---|---|---|---|---|---|---|---|---|');
for (const name of results.keys()) {
  const number = (what, digits = 1) => (of(name, what) ? of(name, what).toFixed(digits) : '');
  const cells = [
    number('seconds'),
    (of(name, 'seconds') / reference).toFixed(2),
    number('checks', 0),
    number('requests', 0),
    number('memory', 0),
    number('before'),
    number('asking'),
    number('after'),
  ];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
const [few, many] = ['this suite, one requirement', 'this suite, LeadConduit'];
const slope = (of(many, 'seconds') - of(few, 'seconds')) / (of(many, 'checks') - of(few, 'checks'));
console.log(`\nEach further check: ${(slope * 1000).toFixed(2)} ms.`);
await Promise.all([host.close(), slow.close()]);
rmSync(folder, { recursive: true, force: true });

/** Seconds, peak memory of all its processes in MB, and when the host was asked. */
async function timed({ command: [program, ...args], cwd = here, env = {} }) {
  const startedAt = performance.now();
  const child = spawn(program, args, {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
  let memory = 0;
  const watching = setInterval(() => {
    memory = Math.max(memory, memoryOf(child.pid));
  }, 100);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watching);
  const endedAt = performance.now();
  const text = Buffer.concat(chunks).toString();
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${text}`);
  const { seen } = slow.seen.requests > 0 ? slow : host;
  const asked =
    seen.requests > 0
      ? {
          requests: seen.requests,
          before: (seen.first - startedAt) / 1000,
          asking: (seen.last - seen.first) / 1000,
          after: (endedAt - seen.last) / 1000,
        }
      : {};
  const [, checks, requests] = /^([\d,]+) checks, ([\d,]+) requests/m.exec(text) ?? [];
  const told = checks === undefined ? {} : { checks: Number(checks.replaceAll(',', '')), requests: Number(requests.replaceAll(',', '')) };
  return { seconds: (endedAt - startedAt) / 1000, memory, ...asked, ...told };
}

/** Of a process and all below it, on Linux; 0 elsewhere. */
function memoryOf(root) {
  try {
    const processes = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
          const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
          return [{ pid: Number(pid), parent: Number(fields[1]), mb: (Number(fields[21]) * 4096) / 2 ** 20 }];
        } catch {
          return [];
        }
      });
    const sum = (pid) =>
      processes
        .filter((each) => each.parent === pid)
        .reduce((total, each) => total + sum(each.pid), processes.find((each) => each.pid === pid)?.mb ?? 0);
    return sum(root);
  } catch {
    return 0;
  }
}
