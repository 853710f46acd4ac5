/** Reads the suite's variables from the environment and from `.env`. The environment wins. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { variables } from '../specifications/variables.ts';
import { isSystemError } from '../system-error.ts';
import { UsageError } from './usage.ts';

export const variableNames: readonly string[] = Object.keys(variables);
const isVariable = (name: string): boolean => Object.hasOwn(variables, name);

/** Set to ignore `.env`: the suite's own tests must not depend on it. */
const withoutFile = 'CONFORMANCE_NO_DOTENV';

/** The environment without the suite's variables, and with `.env` ignored: for the suite's own tests. */
export function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const rest: NodeJS.ProcessEnv = { ...env, [withoutFile]: '1' };
  for (const name of variableNames) delete rest[name];
  return rest;
}

export interface Environment {
  /** By variable. */
  readonly values: Readonly<Partial<Record<string, string>>>;
  /** One sentence for each name that looks like a variable of the suite but is none. */
  readonly problems: readonly string[];
  /** Not wrong, but worth a warning. */
  readonly warnings: readonly string[];
}

/**
 * @param env The process's environment.
 * @param folder The folder of `.env`.
 */
export function readEnvironment(env: NodeJS.ProcessEnv, folder: string): Environment {
  const file = env[withoutFile] === undefined ? readFile(join(folder, '.env')) : undefined;
  const fromFile = file === undefined ? {} : parse(file.text);
  const problems = [
    ...(file === undefined ? [] : strayLines(file.text)),
    ...Object.keys(fromFile)
      .filter((name) => !isVariable(name))
      .flatMap((name) => lookalike(name, 3, '.env')),
    ...Object.keys(env)
      .filter((name) => !isVariable(name))
      .flatMap((name) => lookalike(name, 1, 'the environment')),
  ];
  const values = Object.fromEntries(
    variableNames.flatMap((name) => {
      // An empty value is how a shell or a CI service says "not set"; a line such as KEY="$KEY" must not hide a key that stands in `.env`.
      const value = variables[name] === 'secret' ? env[name] || fromFile[name] : (env[name] ?? fromFile[name]);
      return value === undefined || value === '' ? [] : [[name, value]];
    }),
  );
  const warnings = file?.readableByOthers
    ? ['.env can be read by other users of this machine. Run chmod 600 .env to keep the key in it to yourself.']
    : [];
  return { values, problems, warnings };
}

function readFile(path: string): { text: string; readableByOthers: boolean } | undefined {
  try {
    return { text: readFileSync(path, 'utf8'), readableByOthers: (statSync(path).mode & 0o044) !== 0 };
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOENT') return undefined;
    throw new UsageError(['.env cannot be read. Make it a readable file, or remove it.']);
  }
}

/** An assignment as dotenv reads it, with a value that may go over several lines in quotes. */
const assignment =
  /^[ \t]*(?:export[ \t]+)?[\w.-]+(?:[ \t]*=[ \t]*?|:[ \t]+?)(?:[ \t]*'(?:\\'|[^'])*'|[ \t]*"(?:\\"|[^"])*"|[ \t]*`(?:\\`|[^`])*`|[^\n]*)?[^\n]*$/gm;

/** A line that dotenv would skip may have been meant to name the host, and the embedded one would be tested instead. */
function strayLines(text: string): readonly string[] {
  const without = text.replaceAll('\r', '').replaceAll(assignment, (match) => match.replaceAll(/[^\n]/g, ''));
  return without
    .split('\n')
    .flatMap((line, index) =>
      line.trim() === '' || line.trim().startsWith('#')
        ? []
        : [`Line ${index + 1} of .env is not read, because it has no "=". Write it as NAME=value, or begin it with #.`],
    );
}

function lookalike(name: string, within: number, where: string): readonly string[] {
  const upper = name.toUpperCase();
  const near = variableNames
    .map((each) => ({ each, distance: each === `${upper}_URL` ? 0 : edits(upper, each) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near === undefined) return [];
  if (!name.startsWith('ACTIVEPROSPECT_') && near.distance > within) return [];
  return [`${name} in ${where} is not a variable of this suite. Did you mean ${near.each}?`];
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? 0;
}

/** Ignored when recordings are judged, because nothing is sent then. */
const ofHosts: readonly string[] = variableNames.filter((name) => name !== 'REPORTS_DIR' && name !== 'RUN_NAME');

/** The environment without hosts, keys and commands. */
export function withoutHosts({ values, ...others }: Environment): Environment {
  return { ...others, values: Object.fromEntries(Object.entries(values).filter(([name]) => !ofHosts.includes(name))) };
}
