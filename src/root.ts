/** Where the suite is: in a clone, or in an installed package. */
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Compiled modules are below `dist/`. */
const modules = join(__dirname, '..');

/** The folder that holds `package.json`. */
export const root = basename(modules) === 'dist' ? join(modules, '..') : modules;

/** The package has no sources. */
export const isClone = existsSync(join(root, 'tsconfig.json'));

/** A module of the suite by its path without extension, such as `tests/reporter`: TypeScript under Playwright and in editors, otherwise compiled. */
export const moduleAt = (path: string): string => require.resolve(join(modules, path));
