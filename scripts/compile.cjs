/**
 * Compiles the sources and `specs/` to `dist/`, unless nothing has changed since:
 * `node -r ./scripts/compile.cjs dist/src/commands/conformance.js`.
 * In plain JavaScript, since it comes first. Types are not checked here; `npm run types` does that.
 */
const { spawnSync } = require('node:child_process');
const { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');

const root = join(__dirname, '..');
const dist = join(root, 'dist');
/** What `dist/` was compiled from. */
const stamp = join(dist, 'sources.txt');
/** Exit code of a suite that failed, see src/commands/exit.ts. */
const failed = 4;
/** A folder of a compiler that was killed is removed when it is this old, in ms. */
const abandonedAfter = 60_000;

const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, path, name }) => join(parentPath ?? path, name));

function sources() {
  const files = ['src', 'tests', 'scripts', 'specs'].flatMap((folder) => filesBelow(join(root, folder)));
  const settings = ['package.json', 'tsconfig.json', 'tsconfig.dist.json'].map((name) => join(root, name));
  return [...files, ...settings]
    .map((file) => {
      const { size, mtimeMs } = statSync(file);
      return `${relative(root, file)} ${size} ${mtimeMs}\n`;
    })
    .sort()
    .join('');
}

function isCompiled(from) {
  try {
    return readFileSync(stamp, 'utf8') === from;
  } catch {
    return false;
  }
}

/** Two commands may compile at the same time, and a third one may be running: each file is replaced as a whole. */
function compile() {
  mkdirSync(dist, { recursive: true });
  for (const name of readdirSync(dist).filter((each) => each.startsWith('.compiling-')))
    if (Date.now() - (statSync(join(dist, name), { throwIfNoEntry: false })?.mtimeMs ?? 0) > abandonedAfter)
      rmSync(join(dist, name), { recursive: true, force: true });
  const fresh = mkdtempSync(join(dist, '.compiling-'));
  try {
    const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
    const { status, stdout } = spawnSync(
      process.execPath,
      // What is compiled is moved, so the source maps cannot be relative.
      [compiler, '-p', join(root, 'tsconfig.dist.json'), '--outDir', fresh, '--sourceRoot', `${root}/`, '--pretty', 'false'],
      // Not the environment, which may hold keys.
      { cwd: root, encoding: 'utf8', env: { PATH: process.env.PATH } },
    );
    if (status !== 0) throw new Error(`The sources cannot be compiled:\n${stdout}`);
    const names = filesBelow(fresh).map((file) => relative(fresh, file));
    for (const name of names) {
      mkdirSync(dirname(join(dist, name)), { recursive: true });
      renameSync(join(fresh, name), join(dist, name));
    }
    const current = new Set(names);
    // Only below the folders that were compiled, which are empty now: the one of another compiler may vanish at any moment.
    for (const folder of readdirSync(fresh))
      for (const name of filesBelow(join(dist, folder)).map((file) => relative(dist, file)))
        if (!current.has(name)) rmSync(join(dist, name), { force: true });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** The commands do without if there is a mistake in `specs/`, which they explain. */
function compileSpecs() {
  const { compiledFile } = require(join(dist, 'src/specifications/compiled.js'));
  rmSync(compiledFile, { force: true });
  const { compileSpecifications } = require(join(dist, 'src/specifications/load.js'));
  try {
    replace(compiledFile, compileSpecifications());
  } catch (error) {
    if (error.name !== 'SpecError') throw error;
  }
}

/** As a whole: another command may be reading it. */
function replace(file, text) {
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, text);
  renameSync(fresh, file);
}

try {
  const from = sources();
  if (!isCompiled(from)) {
    compile();
    compileSpecs();
    // Last: from then on nothing is compiled until something changes.
    replace(stamp, from);
  }
} catch (error) {
  console.error(
    error.code === 'MODULE_NOT_FOUND'
      ? 'The packages of this repository are not installed: run npm ci in it.'
      : error.code === undefined
        ? error.message
        : `The sources cannot be compiled to ${dist} (${error.code}): make it writable, or run a command once as a user who may write there.`,
  );
  process.exit(failed);
}
