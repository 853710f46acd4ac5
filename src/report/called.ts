/** How to call a command here: by npm in a clone, by npx where the package is installed. */
import { isClone } from '../root.ts';

/** A line for a shell. `options` are quoted already. */
export function called(command: string, options: readonly string[] = []): string {
  if (isClone) return [`npm run ${command}`, ...(options.length === 0 ? [] : ['--', ...options])].join(' ');
  return ['npx activeprospect-conformance', ...(command === 'conformance' ? [] : [command]), ...options].join(' ');
}

/** One word of a POSIX shell. */
export const quoted = (text: string): string => (/^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
