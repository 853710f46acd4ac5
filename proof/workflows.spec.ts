/** The GitHub Action and the workflows, as far as they can be tested without GitHub. The action's step is run as GitHub would run it. */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { variableNames } from '../src/configuration/environment.ts';
import { allDepartures } from '../src/host/departures.ts';
import { startHost } from '../src/host/host.ts';
import { loadProducts } from '../src/specifications/load.ts';
import { type Done, plainEnvironment, root } from './command.ts';
import { blocksIn, forUsers, tablesOf, textOf, unquoted } from './documents.ts';
import { expect, test } from './test.ts';

interface Step {
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly with?: Readonly<Record<string, string>>;
}
interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}
interface Workflow {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, { readonly steps: readonly Step[]; readonly 'timeout-minutes'?: number }>>;
}

function read(file: string): unknown {
  const document = parseDocument(readFileSync(join(root, file), 'utf8'), { stringKeys: true });
  expect([...document.errors, ...document.warnings], file).toEqual([]);
  return document.toJS();
}

const folder = '.github/workflows';
const action = read('action.yml') as Action;
const workflows = readdirSync(join(root, folder)).map((name) => ({ name, workflow: read(`${folder}/${name}`) as Workflow }));
const steps = [...action.runs.steps, ...workflows.flatMap(({ workflow }) => Object.values(workflow.jobs).flatMap((job) => job.steps))];
const step = action.runs.steps.find(({ id }) => id === 'run') as Required<Step>;

test('no expression is pasted into a script', () => {
  expect(steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
});

test('other actions are from GitHub, pinned to a major version', () => {
  const others = steps.flatMap(({ uses }) => (uses === undefined || uses === './' ? [] : [uses]));
  expect(others.filter((uses) => !/^actions\/[\w-]+@v\d+$/.test(uses))).toEqual([]);
});

for (const { name, workflow } of workflows)
  test(`${name} has read-only permissions unless a job says otherwise, and a time limit`, () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });

test('the nightly run knows the runs of the site, if there is one', () => {
  const nightly = workflows.find(({ name }) => name === 'conformance.yml')?.workflow.jobs.conformance?.steps ?? [];
  const restoring = nightly.find(({ id }) => id === 'site') as Required<Step>;
  expect(nightly.find(({ uses }) => uses === './')?.with?.options).toContain(expression('steps.site.outputs.since'));
  const place = mkdtempSync(join(tmpdir(), 'nightly-'));
  try {
    // GitHub's own command: tells which run has the artifact, and downloads it.
    const gh = (last: string): string => `#!/bin/sh\ncase $1 in api) echo ${last} ;; run) mkdir -p site/runs ;; esac\n`;
    mkdirSync(join(place, '.github'));
    copyFileSync(join(root, '.github/restore-site.sh'), join(place, '.github/restore-site.sh'));
    for (const [last, output] of [
      ['', ''],
      ['123', 'since=--since site\n'],
    ] as const) {
      writeFileSync(join(place, 'gh'), gh(last), { mode: 0o755 });
      writeFileSync(join(place, 'output'), '');
      const env = { ...plainEnvironment(), PATH: `${place}:${process.env.PATH}`, GITHUB_OUTPUT: join(place, 'output') };
      execFileSync('bash', ['-e', '-c', restoring.run], { cwd: place, env });
      expect(readFileSync(join(place, 'output'), 'utf8')).toBe(output);
    }
  } finally {
    rmSync(place, { recursive: true });
  }
});

test('each input of the action reaches its variable', () => {
  const { SUITE, OPTIONS, ...env } = step.env;
  expect(OPTIONS).toBe(expression('inputs.options'));
  expect(SUITE).toBe(expression('github.action_path'));
  const { options, 'node-version': node, ...inputs } = action.inputs;
  expect(options).toBeDefined();
  expect(node?.default).toMatch(/^\d+$/);
  for (const [input, { description }] of Object.entries(inputs)) {
    const [variable = ''] = /^[A-Z_]+/.exec(description) ?? [];
    expect(variableNames, input).toContain(variable);
    expect(env[variable], input).toBe(expression(`inputs.${input}`));
  }
  expect(Object.keys(env)).toHaveLength(Object.keys(inputs).length);
});

test('docs/ci.md has a row for each input and each output of the action', () => {
  const [inputs = [], outputs = []] = tablesOf('docs/ci.md', 'The GitHub Action');
  expect(inputs.map(([name]) => unquoted(name))).toEqual(Object.keys(action.inputs));
  expect(outputs.map(([name]) => unquoted(name))).toEqual(Object.keys(action.outputs));
});

test('the documentation uses only inputs that the action has', () => {
  const examples = forUsers.flatMap((file) => blocksIn(textOf(file), 'yaml').map((block) => parseDocument(block)));
  expect(examples.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
  const workflowsShown = examples.map((each) => each.toJS() as Partial<Workflow>);
  const calls = workflowsShown
    .flatMap(({ jobs = {} }) => Object.values(jobs).flatMap((job) => job.steps))
    .filter(({ uses }) => uses?.startsWith('OWNER/activeprospect-conformance@'));
  expect(calls.length).toBeGreaterThan(2);
  expect(calls.flatMap((each) => Object.keys(each.with ?? {})).filter((name) => !Object.hasOwn(action.inputs, name))).toEqual([]);
});

test.describe('the step that runs the suite', () => {
  let place: string;
  test.beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'action-'));
  });
  test.afterEach(() => rmSync(place, { recursive: true, force: true }));

  test('outputs the result, and leaves the reports in the job’s folder', async () => {
    const { code, text } = await runStep({ OPTIONS: '--grep failure-body\n  --project trustedform', REPORTS_DIR: 'out/of it' });
    expect(code, text).toBe(0);
    const { verdict, checks, requests, report = '' } = outputs();
    expect(verdict).toBe('conforms');
    expect(Number(checks)).toBeGreaterThan(50);
    expect(Number(requests)).toBeGreaterThan(Number(checks));
    expect(report).toBe('out/of it/allure/index.html');
    expect(existsSync(join(place, report))).toBe(true);
  });

  test('also does so for a run that violates, and ends with its exit code', async () => {
    const departure = allDepartures().find(({ id }) => id === 'failure-body/trailing-newline');
    const host = await startHost({ products: loadProducts(), ...(departure && { behavior: departure.change }) });
    const { key } = host.openAccount();
    const { code, text } = await runStep({
      OPTIONS: '--grep failure-body',
      TRUSTEDFORM_URL: host.urlOf('trustedform'),
      ACTIVEPROSPECT_API_KEY: key,
    });
    await host.close();
    expect(code, text).toBe(1);
    expect(outputs()).toMatchObject({ verdict: 'violates', report: 'reports/allure/index.html' });
  });

  test('outputs nothing if there was no run, whatever an earlier one wrote', async () => {
    mkdirSync(join(place, 'reports'));
    writeFileSync(join(place, 'reports/conformance.json'), '{"verdict":"conforms"}');
    const { code, text } = await runStep({ OPTIONS: '--grep $(touch run) ; * --projects' });
    expect(code, text).toBe(2);
    expect(outputs()).toEqual({});
    expect(readdirSync(place).sort()).toEqual(['output', 'reports']);
  });

  /** As GitHub does: with bash, and with all of the step's variables, which are empty if no value was given. */
  function runStep(given: Readonly<Record<string, string>>): Promise<Done> {
    const unset = Object.fromEntries(Object.keys(step.env).map((name) => [name, '']));
    const output = join(place, 'output');
    writeFileSync(output, '');
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
      cwd: place,
      env: { ...plainEnvironment(), GITHUB_STEP_SUMMARY: '', GITHUB_ACTIONS: '', ...unset, SUITE: root, ...given, GITHUB_OUTPUT: output },
    });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, text: Buffer.concat(chunks).toString('utf8') })));
  }

  const outputs = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      readFileSync(join(place, 'output'), 'utf8')
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [[line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]])),
    );
});

/** Variables that GitHub sets. */
const expression = (of: string): string => `$\{{ ${of} }}`;
