/**
 * Takes the keys out of the environment before anything else is loaded. What compiles TypeScript is a process that is started on the way
 * and inherits whatever is there. In plain JavaScript, since it comes first: `node -r ./scripts/keys-apart.cjs -r ./scripts/compile.cjs …`.
 */
const names = ['ACTIVEPROSPECT_API_KEY', 'ACTIVEPROSPECT_OLD_API_KEY', 'RESET_COMMAND', 'LOGIN_COMMAND'];

const taken = {};
for (const name of names) {
  if (process.env[name] === undefined) continue;
  taken[name] = process.env[name];
  delete process.env[name];
}

module.exports = { names, taken };
