/** `npm run bench`: this suite, Newman and a bare client, in turn. Prints medians, ratios, peak memory, how the suite's time is divided, and conclusions. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
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
const hosts = {
  quick: await startHost(key),
  '100 ms': await startHost(key, { delayMs: 100 }),
  '200 ms': await startHost(key, { delayMs: 200 }),
  broken: await startHost(key, { broken: true }),
};

const suiteRun = (args, target = {}) => ({
  command: ['node', '-r', './scripts/keys-apart.cjs', '-r', './scripts/compile.cjs', 'dist/src/commands/conformance.js', ...args],
  cwd: suite,
  env: { REPORTS_DIR: join(folder, 'reports'), SEED: '1', CONFORMANCE_NO_DOTENV: '1', ...target },
});
const leadconduit = ({ url }) => suiteRun([], { ACTIVEPROSPECT_API_KEY: key, LEADCONDUIT_URL: url });
const newman = (checks) => ({
  command: [
    'node',
    join(here, 'node_modules/newman/bin/newman.js'),
    'run',
    collection(folder, hosts.quick.url, checks),
    '--reporters',
    'cli',
    '--silent',
  ],
});
const bare = (checks) => ({ command: ['node', join(here, 'bare.mjs'), hosts.quick.url, String(checks)] });

const candidates = {
  'bare client, 600 checks': bare(600),
  'Newman, 600 checks': newman(600),
  'this suite, LeadConduit': leadconduit(hosts.quick),
  'this suite, LeadConduit, broken host': leadconduit(hosts.broken),
  'this suite, embedded host, one requirement': suiteRun(['--grep', 'failure-body']),
  'this suite, embedded host': suiteRun([]),
  'this suite, LeadConduit, 100 ms per answer': leadconduit(hosts['100 ms']),
  'this suite, LeadConduit, 200 ms per answer': leadconduit(hosts['200 ms']),
  'bare client, 6,000 checks': bare(6000),
  'Newman, 6,000 checks': newman(6000),
};

const results = new Map(Object.keys(candidates).map((name) => [name, []]));
for (let round = 0; round < rounds; round++)
  for (const [name, candidate] of Object.entries(candidates)) {
    // Candidates that take half a minute or more run only once.
    if (round > 0 && /6,000| ms /.test(name)) continue;
    for (const each of Object.values(hosts)) each.forget();
    results.get(name).push(await timed(candidate));
  }

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const of = (name, what) => median(results.get(name).map((each) => each[what] ?? 0));
const reference = of('Newman, 600 checks', 'seconds');
console.log(`${cpus().length} cores (${cpus()[0].model}), Node.js ${process.versions.node}, ${rounds} rounds, medians\n`);
console.log(
  '| what | seconds | relative to Newman | checks | requests | peak memory, MB | largest process, MB | to first request, s | requests, s | after last request, s |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|');
for (const name of results.keys()) {
  const number = (what, digits = 1) => (of(name, what) ? of(name, what).toFixed(digits) : '');
  const cells = [
    number('seconds'),
    (of(name, 'seconds') / reference).toFixed(2),
    number('checks', 0),
    number('requests', 0),
    number('memory', 0),
    number('largest', 0),
    number('before'),
    number('asking'),
    number('after'),
  ];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
const between = (one, other, what) => of(other, what) - of(one, what);
const [few, all] = ['this suite, embedded host, one requirement', 'this suite, embedded host'];
const [whole, broken] = ['this suite, LeadConduit', 'this suite, LeadConduit, broken host'];
const [slow, slower] = ['this suite, LeadConduit, 100 ms per answer', 'this suite, LeadConduit, 200 ms per answer'];
// The time that 100 ms per answer adds gives the longest chain of requests that wait for each other.
const chain = between(slow, slower, 'asking');
console.log(`
Each additional check, including its requests and its part of the reports: ${((1000 * between(few, all, 'seconds')) / between(few, all, 'checks')).toFixed(2)} ms.
Each failing test: ${(between(whole, broken, 'seconds') / of(broken, 'failing')).toFixed(2)} s (${of(broken, 'failing')} of them).
At 100 ms per answer, the requests take ${(of(slow, 'asking') / chain).toFixed(2)} times its longest chain of requests, which is ${Math.round(chain * 10)} long.`);
await Promise.all(Object.values(hosts).map((each) => each.close()));
rmSync(folder, { recursive: true, force: true });

/** Seconds, peak memory of all processes in MB, and when the host received requests. */
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
  let largest = 0;
  const watching = setInterval(() => {
    const each = memoryOf(child.pid);
    memory = Math.max(
      memory,
      each.reduce((sum, one) => sum + one, 0),
    );
    largest = Math.max(largest, ...each);
  }, 100);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(watching);
  const endedAt = performance.now();
  const text = Buffer.concat(chunks).toString();
  // Exit code 1 is right for a host that breaks promises.
  if (code !== 0 && !(code === 1 && text.includes('✗'))) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${text}`);
  const { seen } = Object.values(hosts).find((each) => each.seen.requests > 0) ?? hosts.quick;
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
  const printed =
    checks === undefined ? {} : { checks: Number(checks.replaceAll(',', '')), requests: Number(requests.replaceAll(',', '')) };
  const failing = (text.match(/^✗ /gm) ?? []).length;
  return { seconds: (endedAt - startedAt) / 1000, memory, largest, failing, ...asked, ...printed };
}

/** Memory of a process and its descendants, in MB. Only on Linux; empty elsewhere. */
function memoryOf(root) {
  const processes = (existsSync('/proc') ? readdirSync('/proc') : [])
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [{ pid: Number(pid), parent: Number(fields[1]), mb: (Number(fields[21]) * 4096) / 2 ** 20 }];
      } catch {
        // The process has ended in the meantime.
        return [];
      }
    });
  const below = (pid) => [
    ...processes.filter((each) => each.pid === pid).map((each) => each.mb),
    ...processes.filter((each) => each.parent === pid).flatMap((each) => below(each.pid)),
  ];
  return below(root);
}
