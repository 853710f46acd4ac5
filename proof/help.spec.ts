/** `--help` of every command, in one form, and an unknown option, which is named. */
import { start } from './command.ts';
import { expect, test } from './test.ts';

for (const script of ['conformance', 'verify-reset', 'report', 'host', 'drift', 'publish-site'] as const) {
  // Every command asks the same function, so the short form is tried once.
  for (const help of script === 'host' ? ['--help', '-h'] : ['--help'])
    test(`${script} ${help}`, async () => {
      const { code, text } = await start([help], {}, { script }).ended;
      expect(text).toMatch(new RegExp(`^Usage: npm run ${script}( |\\n)`));
      for (const heading of ['Options:', 'Exit codes:', 'Example']) expect(text).toContain(`\n${heading}`);
      expect(text).toMatch(/^ {2}--help, -h +Prints this help\.$/m);
      for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(110);
      expect(code).toBe(0);
    });

  test(`${script} rejects an option that it does not have`, async () => {
    const { code, text } = await start(['--nonsense'], {}, { script }).ended;
    expect(text).toMatch(/^--nonsense is not an option of this command\. /);
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });
}
