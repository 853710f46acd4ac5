/** `npm run host` as a process: its ports, and what it rejects. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { portIn, portProblem } from '../src/commands/host/ports.ts';
import { allDepartures } from '../src/host/departures.ts';
import { productIds } from '../src/specifications/model.ts';
import { type Started, shell, start } from './command.ts';
import { expect, test } from './test.ts';

/** The host on ports that are free, and the first of them: another program may be using the ones that are tried first. */
async function onFreePorts(args: readonly string[]): Promise<Started & { readonly port: number }> {
  // Below the ports that systems give to clients.
  for (let port = 20_000 + Math.floor(Math.random() * 10_000); ; port += 10) {
    const started = start([...args, '--port', String(port)], {}, { script: 'host' });
    await started.printed('Press Ctrl-C');
    if (started.text().includes('Press Ctrl-C')) return { ...started, port };
    const { text } = await started.ended;
    if (!text.startsWith('Port ') || port > 31_000) throw new Error(text);
  }
}

test('--port moves the first port; the others follow', async () => {
  const { child, text, ended, port } = await onFreePorts(['--json']);
  const { products, account } = JSON.parse(text().split('\n')[0] ?? '') as { products: Record<string, string>; account: string };
  child.kill('SIGTERM');
  await ended;
  expect(Object.keys(products)).toEqual(productIds);
  expect([...Object.values(products), account]).toEqual([...productIds, 'account'].map((_, place) => `http://127.0.0.1:${port + place}`));
});

test('the line that it prints finds a broken reset', async () => {
  const { child, text, ended } = await onFreePorts(['--departure', 'old-key-stops/stale-node']);
  const reports = mkdtempSync(join(tmpdir(), 'host-'));
  try {
    const lines = text()
      .split('\n')
      .filter((each) => each.includes('npm run conformance'));
    expect(lines, text()).toHaveLength(1);
    const run = await shell(`REPORTS_DIR=${reports} ${lines[0]?.trim()} --grep old-key-stops --project leadconduit`);
    expect(run.text).toContain('✗ violates');
    expect(run.code).toBe(1);
  } finally {
    child.kill('SIGTERM');
    await ended;
    rmSync(reports, { recursive: true, force: true });
  }
});
test('a requirement alone is no departure: those of it are listed', async () => {
  const { code, text } = await start(['--departure', 'failure-body'], {}, { script: 'host' }).ended;
  expect(text.match(/failure-body\/[a-z-]+/g)?.length).toBe(
    allDepartures().filter(({ requirement }) => requirement === 'failure-body').length,
  );
  expect(code).toBe(2);
});

/** After it come the ports of the other products and of the account page. */
const last = 65_535 - productIds.length;

for (const [args, says] of [
  [['--port'], `--port needs a number from 1 to ${last}`],
  [['--port', String(last + 1)], `--port needs a number from 1 to ${last}`],
  [['--ports', '1'], '--ports is not an option of this command'],
] as const)
  test(`${args.join(' ')} is wrong usage`, async () => {
    const { code, text } = await start(args, {}, { script: 'host' }).ended;
    expect(text).toContain(says);
    expect(code).toBe(2);
  });

test('a port is written in digits, and one that cannot be opened is explained', () => {
  expect(['1', '4801', String(last)].map(portIn)).toEqual([1, 4801, last]);
  for (const value of [true, '', 'x', '0', ' 4801 ', '1e4', '0x1000', '-1', '4801.5', String(last + 1)])
    expect(portIn(value)).toBeUndefined();
  const denied = Object.assign(new Error('listen'), { code: 'EACCES', syscall: 'listen', port: 80 });
  expect(portProblem(denied)).toBe(
    'Port 80 of 127.0.0.1 cannot be opened, because this user may not open it (EACCES): choose other ports with --port, such as 4801.',
  );
  expect(portProblem(new Error('another'))).toBeUndefined();
});
