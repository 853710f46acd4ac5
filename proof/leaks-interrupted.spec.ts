/** A run that is interrupted or killed halfway keeps the last report unchanged, publishes nothing, and leaves no process that still sends requests. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { start } from './command.ts';
import { newKey, test } from './leak-fixtures.ts';
import { hunt } from './remains.ts';
import { canSeeEnvironments, watch } from './watch.ts';

/** All files that are not hidden, with their content. */
const inPlace = (folder: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((file) => !file.includes('/.'))
      .map((file) => [file, readFileSync(file, 'latin1')]),
  );

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

for (const [when, made, args] of [
  ['before anything is asked', '.conformance-run', []],
  ['while the tests are listed', '.conformance-run', ['--list']],
  ['while the reports are made', '.conformance-run/files/allure/index.html', []],
] as const)
  test(`SIGTERM, ${when}`, async ({ reports }) => {
    writeFileSync(join(reports, 'mine.txt'), 'mine');
    const run = start(['--grep', 'failure-status', '--project', 'trustedform', ...args], { REPORTS_DIR: reports });
    await expect.poll(() => existsSync(join(reports, made)), { intervals: [5], timeout: 60_000 }).toBe(true);
    run.child.kill('SIGTERM');
    const { code, text } = await run.ended;
    expect(text).toContain('Interrupted');
    expect(code).toBe(130);
    expect(readdirSync(reports)).toEqual(['mine.txt']);
  });

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGHUP', 130],
  ['SIGKILL', null],
] as const)
  test(`${signal}, halfway`, async ({ reports, host }) => {
    const key = newKey();
    mkdirSync(join(reports, 'allure'));
    writeFileSync(join(reports, 'allure/last.html'), 'the last report');
    const before = inPlace(reports);
    // Slow enough that a run would take a minute.
    const { url, arrivals } = await host(({ headers }, response) => {
      const sent = headers.authorization ?? '';
      const isRight = Buffer.from(sent.slice('Basic '.length), 'base64').toString().endsWith(`:${key}`);
      const body = isRight ? '[]' : JSON.stringify({ error: sent });
      setTimeout(() => response.writeHead(isRight ? 200 : 401, { 'X-Key': key }).end(body), 300);
    });
    const run = start(['--reporter', 'html,json,blob', '--trace', 'on'], {
      REPORTS_DIR: reports,
      LEADCONDUIT_URL: url.href,
      ACTIVEPROSPECT_API_KEY: key,
    });
    const seen = watch(run.child.pid as number);
    await expect.poll(() => arrivals.length, { timeout: 60_000 }).toBeGreaterThan(30);
    // On a busy machine the requests may be ahead of the tests.
    await expect.poll(() => seen.soFar().some(({ args }) => args.includes('workerProcessEntry')), { timeout: 60_000 }).toBe(true);
    const processes = seen.stop();
    const pids = processes.map(({ pid }) => pid);
    // Only the command itself was started with the key. Until it executes another program, a new process is a copy of the command.
    const others = processes.filter(({ args }) => !args.includes('commands/conformance.js'));
    expect(others.length).toBeGreaterThan(1);
    expect(others.some(({ environment }) => environment.includes('CONFORMANCE_RECORDINGS=')) || !canSeeEnvironments).toBe(true);
    for (const { args, environment } of others) expect(hunt(key).inText(`${args}\n${environment}`), args).toEqual([]);
    run.child.kill(signal);
    const done = await run.ended;
    expect(done.code).toBe(code);
    await expect.poll(() => pids.filter(isAlive), { message: 'processes that are still running', timeout: 15_000 }).toEqual([]);
    const asked = arrivals.length;
    expect(hunt(key).inText(done.text)).toEqual([]);
    expect(inPlace(reports)).toEqual(before);
    expect(asked, 'the run was halfway').toBeLessThan(400);
    if (signal !== 'SIGKILL') {
      expect(done.text).toContain('Interrupted');
      expect(readdirSync(reports)).toEqual(['allure']);
    }
  });
