#!/usr/bin/env node
/** `npx activeprospect-conformance [command]`: the commands of the package, compiled. Without a command it is `conformance`. */

// Loaded first, and so by `require`: nothing loaded later finds keys in the environment.
require('../../../scripts/keys-apart.cjs');

/** Loading one starts it; it finds its options where it would without this file. */
const commands: ReadonlyMap<string, () => void> = new Map([
  ['conformance', () => require('./conformance')],
  ['verify-reset', () => require('./verify-reset')],
  ['host', () => require('./host')],
  ['drift', () => require('./drift')],
  ['publish-site', () => require('./publish-site')],
  ['report', () => require('./report')],
]);

const [, , first] = process.argv;
const isNamed = first !== undefined && !first.startsWith('-');
const command = commands.get(isNamed ? first : 'conformance');
if (command === undefined) {
  console.error(`"${first}" is not a command. Commands: ${[...commands.keys()].join(', ')}. Each explains itself with --help.`);
  process.exitCode = 2;
} else {
  if (isNamed) process.argv.splice(2, 1);
  command();
}
