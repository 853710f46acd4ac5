#!/usr/bin/env node
/** `npx activeprospect-conformance [command]`: the commands of the package, compiled. Without a command it is `conformance`. */

// First of all, and so by `require`: whatever is loaded after it finds no keys in the environment.
require('./keys-apart.cjs');

/** Loading one starts it; it finds its options where it would without this file. */
const commands: ReadonlyMap<string, () => void> = new Map([
  ['conformance', () => require('./conformance')],
  ['verify-reset', () => require('./verify-reset')],
  ['host', () => require('./host')],
  ['drift', () => require('./drift')],
]);

const [, , first] = process.argv;
const isNamed = first !== undefined && !first.startsWith('-');
const command = commands.get(isNamed ? first : 'conformance');
if (command === undefined) {
  console.error(`"${first}" is no command: ${[...commands.keys()].join(', ')} are. Each has --help.`);
  process.exitCode = 2;
} else {
  if (isNamed) process.argv.splice(2, 1);
  command();
}
