/** The watch for leaks reports only what a process really shows. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from './test.ts';
import { canSeeEnvironments, watch } from './watch.ts';

test('a new process is not reported with its parent’s environment', async () => {
  test.skip(!canSeeEnvironments, 'only Linux shows the environment of another process');
  const startsMany = `
    const { spawn } = require('node:child_process');
    const start = (left) => left > 0 && spawn('sleep', ['0.005'], { env: { PATH: process.env.PATH, OWN: 'own' } }).on('exit', () => start(left - 1));
    start(60);`;
  const child = spawn(process.execPath, ['-e', startsMany], { env: { ...process.env, OF_PARENT: 'of the parent' } });
  const seen = watch(child.pid as number, 1);
  await once(child, 'exit');
  const [own, others] = [true, false].map((is) => seen.stop().filter(({ pid }) => (pid === child.pid) === is));
  expect(own?.map(({ environment }) => environment).join()).toContain('OF_PARENT=');
  expect(others?.map(({ environment }) => environment).join()).toContain('OWN=');
  expect(others?.map(({ environment }) => environment).join()).not.toContain('OF_PARENT=');
});
