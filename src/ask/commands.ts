/** Runs the user's commands: RESET_COMMAND resets the key of the account, LOGIN_COMMAND logs in to a product. */
import { type CommandEnd, runCommand } from '../keys/command.ts';
import { shortestKey } from '../keys/forms.ts';
import type { Secret } from '../keys/secret.ts';
import type { CommandName } from '../recording/reset.ts';
import type { ProductId } from '../specifications/model.ts';

/** A command failed. The message says how, and repeats nothing that the command printed, because that may contain a key. */
export class CommandFailed extends Error {
  readonly command: CommandName;

  constructor(command: CommandName, what: string) {
    super(`${command} ${what}`);
    this.name = 'CommandFailed';
    this.command = command;
  }
}

const timeoutMs = 60_000;
/** In characters. */
const longestKey = 500;
/** What is printed around a key, in JSON, in HTML or in a sentence, and what no header can carry. */
const notInKeys = /[\s"'`<>{}[\]\p{C}]/u;

/**
 * Resets the key. Resolves to the key that the command printed, once the command has ended.
 * @param env The user's environment, without keys.
 * @param isCommon Whether every report contains a word, so that it cannot be a key to search for.
 * @throws CommandFailed if it fails, takes more than a minute, or prints anything but one line with a key.
 */
export async function resetBy(
  command: Secret,
  current: Secret,
  env: Readonly<Record<string, string>>,
  isCommon: (key: Secret) => boolean = () => false,
): Promise<Secret> {
  const { output } = await succeeded('RESET_COMMAND', await runCommand(command, { ...env, ACTIVEPROSPECT_API_KEY: current }, timeoutMs));
  const failed = (what: string): CommandFailed => new CommandFailed('RESET_COMMAND', what);
  if (output.is((text) => text.trim() === '')) throw failed('printed nothing: expected the new key');
  if (output.is((text) => /[\r\n]/.test(text.trim()))) throw failed('printed several lines: expected one line with the new key');
  const key = output.map((text) => text.trim());
  if (key.length < shortestKey) throw failed(`printed ${key.length} characters, which is too few for a key (at least ${shortestKey})`);
  const expected = 'expected one line with the new key and nothing else';
  if (key.length > longestKey) throw failed(`printed ${key.length} characters: ${expected}`);
  if (key.is((text) => notInKeys.test(text)) || isCommon(key)) throw failed(`printed something that is not a key: ${expected}`);
  return key;
}

/** Logs in to a product. Resolves once the command has ended. @throws CommandFailed if it fails or takes more than a minute. */
export async function loginBy(command: Secret, product: ProductId, env: Readonly<Record<string, string>>): Promise<void> {
  await succeeded('LOGIN_COMMAND', await runCommand(command, { ...env, PRODUCT: product }, timeoutMs), `for ${product} `);
}

/** `purpose`: what it was run for, where that is not clear from its name; with a blank at its end. */
async function succeeded(name: CommandName, end: CommandEnd, purpose = ''): Promise<CommandEnd> {
  const failed = (how: string): CommandFailed => new CommandFailed(name, `${purpose}${how}`);
  if (end.timedOut) throw failed(`took more than ${timeoutMs / 1000} s and was stopped`);
  if (end.exitCode === null) throw failed('was stopped by a signal or could not be started');
  if (end.exitCode !== 0) throw failed(`ended with exit code ${end.exitCode}`);
  return end;
}
