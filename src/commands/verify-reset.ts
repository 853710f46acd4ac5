/** `npm run verify-reset`: after a person has reset the key, which product accepts which key, until all have switched. */
import '../short-lived.ts';
import { type ExitCode, endWith, exitCodes } from './exit.ts';
import { asksForHelp } from './help.ts';
import { openEnvironment } from './output.ts';
import { help } from './verify-reset/options.ts';
import { verifyReset } from './verify-reset/verify.ts';

const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true;

async function main(args: readonly string[]): Promise<ExitCode> {
  if (!asksForHelp(args)) return verifyReset(args, openEnvironment(), isTerminal);
  console.log(help);
  return exitCodes.conforms;
}

endWith(
  main(process.argv.slice(2)).finally(() => {
    // A call whose answer is no longer needed must not keep the terminal.
    if (isTerminal) process.stdin.unref();
  }),
);
