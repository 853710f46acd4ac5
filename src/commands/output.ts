/** The environment of a command, and masking what it prints: with `NODE_DEBUG`, Node.js itself prints what it sends and the environment of processes that it starts. */
import { join } from 'node:path';
import { keysIn } from '../configuration/configuration.ts';
import { type Environment, readEnvironment } from '../configuration/environment.ts';
import { createVault, type Vault } from '../keys/vault.ts';
import { root } from '../root.ts';

/** Variables that child processes do not inherit; they are passed only where they are needed. */
export const { taken } = require(join(root, 'scripts/keys-apart.cjs')) as { readonly taken: Readonly<Record<string, string>> };

/** The environment of a command, and the vault of its keys. */
export interface Opened {
  readonly environment: Environment;
  readonly vault: Vault;
}

/** Keys are masked in the output from here on. Throws what `readEnvironment` does. */
export function openEnvironment(): Opened {
  const opened = withVault(readEnvironment({ ...process.env, ...taken }, process.cwd()));
  maskOutput(opened.vault);
  return opened;
}

/** With the vault of its keys. */
export function withVault(environment: Environment): Opened {
  const vault = createVault();
  for (const key of keysIn(environment)) vault.add(key);
  return { environment, vault };
}

/** From here on, on standard output and standard error. Keys that the vault learns later are masked as well. */
export function maskOutput(vault: Vault): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream) as (chunk: string | Uint8Array, ...rest: readonly unknown[]) => boolean;
    const masked = (chunk: string | Uint8Array, ...rest: readonly unknown[]): boolean =>
      write(vault.mask(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')), ...rest);
    stream.write = masked as typeof stream.write;
  }
}
