/** An editor runs the tests through Playwright's test server: all, one, some that are stopped, and all again, in one process that keeps its setup. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@playwright/test';
import { WebSocket } from 'undici';
import { plainEnvironment, root } from './command.ts';
import { answering, follows } from './hosts.ts';
import { newKey, test } from './leak-fixtures.ts';
import { hunt } from './remains.ts';
import { watch } from './watch.ts';

interface Reply {
  readonly id?: number;
  readonly result?: { readonly status: string };
  readonly method?: string;
  readonly params?: { readonly method: string; readonly params: { readonly result: { readonly status: string }; readonly test: unknown } };
}

/** The part of its protocol that is needed here: calls with replies, and a count of test results. */
async function connect(url: string) {
  const socket = new WebSocket(url);
  await new Promise((resolve) => socket.addEventListener('open', resolve));
  const replies = new Map<number, (result: Reply['result']) => void>();
  let statuses: string[] = [];
  socket.addEventListener('message', ({ data }) => {
    const { id, result, method, params } = JSON.parse(String(data)) as Reply;
    if (id !== undefined) replies.get(id)?.(result);
    else if (method === 'report' && params?.method === 'onTestEnd') statuses.push(params.params.result.status);
  });
  const call = (method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Reply['result']> =>
    new Promise((resolve) => {
      const id = replies.size + 1;
      replies.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  return {
    call,
    async run(params: Readonly<Record<string, unknown>> = {}) {
      statuses = [];
      const result = await call('runTests', params);
      return { status: result?.status, passed: statuses.filter((each) => each === 'passed').length, statuses };
    },
    close: () => socket.close(),
  };
}

test('each run sends its own requests, and none once it was stopped; no worker has a key', async ({ reports }) => {
  const key = newKey();
  let requests = 0;
  /** Before each answer, in ms. */
  let pause = 0;
  const host = await answering(async (request, response) => {
    requests += 1;
    if (pause > 0) await sleep(pause);
    follows(request, response, key);
  })(key);
  const child = spawn(process.execPath, [require.resolve('@playwright/test/cli'), 'test-server', '--config', 'playwright.config.ts'], {
    cwd: root,
    env: { ...plainEnvironment(), LEADCONDUIT_URL: host.url, ACTIVEPROSPECT_API_KEY: key, REPORTS_DIR: reports },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const editor = await connect(/ws:\/\/\S+/.exec(line.toString())?.[0] ?? '');
    await editor.call('initialize', { interceptStdio: true, closeOnDisconnect: true });
    expect(await editor.call('runGlobalSetup')).toMatchObject({ status: 'passed' });
    expect(requests).toBe(0);
    const seen = watch(child.pid as number);
    const all = await editor.run();
    expect(all).toMatchObject({ status: 'passed' });
    expect(all.passed).toBeGreaterThan(10);
    const asked = requests;
    expect(asked).toBeGreaterThan(500);
    const one = await editor.run({ grep: 'username-ignored › leadconduit' });
    expect(one).toMatchObject({ status: 'passed', statuses: ['passed'] });
    // An editor keeps Playwright's outputDir from one run to the next.
    const written = readdirSync(join(reports, 'playwright/allure-results')).filter((name) => name.endsWith('-result.json'));
    expect(written, 'Allure results').toHaveLength(1);
    expect(requests - asked, 'only the requests that one test needs').toBeLessThan(asked / 2);
    expect(requests).toBeGreaterThan(asked);
    let before = requests;
    pause = 200;
    const stopped = editor.run();
    await expect.poll(() => requests, { intervals: [1] }).toBeGreaterThan(before + 20);
    await editor.call('stopTests');
    expect(await stopped).toMatchObject({ status: 'interrupted' });
    expect(requests - before).toBeLessThan(asked / 2);
    before = requests;
    await sleep(2 * pause);
    expect(requests, 'nothing more is sent').toBe(before);
    pause = 0;
    expect(await editor.run()).toEqual(all);
    expect(requests - before).toBe(asked);
    const workers = seen.stop().filter(({ pid }) => pid !== child.pid);
    expect(workers.length).toBeGreaterThan(0);
    for (const { args, environment } of workers) expect(hunt(key).inText(`${args}\n${environment}`), args).toEqual([]);
    expect(await editor.call('runGlobalTeardown')).toMatchObject({ status: 'passed' });
    editor.close();
  } finally {
    child.kill();
    await host.close();
  }
});
