/** The account of a real host, reset and logged in with by commands of the user's. */
import { type CommandEnd, runCommand } from '../keys/command.ts';
import type { Secret } from '../keys/secret.ts';
import type { CommandName } from '../recording/reset.ts';
import type { ProductId } from '../specifications/model.ts';

/** A command did not do what it is for. Its message says what was seen and nothing that the command printed: that may hold a key. */
export class CommandFailed extends Error {
  readonly command: CommandName;

  constructor(command: CommandName, what: string) {
    super(`${command} ${what}`);
    this.name = 'CommandFailed';
    this.command = command;
  }
}

const timeoutMs = 60_000;
/** A shorter one could not be searched for in the reports. */
const shortestKey = 8;

/**
 * Resets the key; resolves to the one that the command printed, when it has ended.
 * @param env The user's environment without any key.
 * @throws CommandFailed where it fails, takes more than a minute, or prints anything but one line with a key.
 */
export async function resetBy(command: Secret, current: Secret, env: Readonly<Record<string, string>>): Promise<Secret> {
  const { output } = await succeeded('RESET_COMMAND', await runCommand(command, { ...env, ACTIVEPROSPECT_API_KEY: current }, timeoutMs));
  const failed = (what: string): CommandFailed => new CommandFailed('RESET_COMMAND', what);
  if (output.is((text) => text.trim() === '')) throw failed('printed nothing, where the new key was expected');
  if (output.is((text) => /[\r\n]/.test(text.trim()))) throw failed('printed several lines, where the new key alone was expected');
  const key = output.map((text) => text.trim());
  if (key.length < shortestKey) throw failed(`printed ${key.length} characters: too few for a key`);
  return key;
}

/** Logs in to a product; resolves when the command has ended. @throws CommandFailed where it fails or takes more than a minute. */
export async function loginBy(command: Secret, product: ProductId, env: Readonly<Record<string, string>>): Promise<void> {
  await succeeded('LOGIN_COMMAND', await runCommand(command, { ...env, PRODUCT: product }, timeoutMs));
}

async function succeeded(name: CommandName, end: CommandEnd): Promise<CommandEnd> {
  if (end.timedOut) throw new CommandFailed(name, `took more than ${timeoutMs / 1000} s and was ended`);
  if (end.exitCode !== 0)
    throw new CommandFailed(
      name,
      end.exitCode === null ? 'was ended by a signal, or could not be started' : `ended with exit code ${end.exitCode}`,
    );
  return end;
}
