/** `npm run conformance`: every requirement against the target; writes the reports, prints the table, and decides the exit code. */
import '../short-lived.ts';
import { conform } from './conform.ts';
import { type ExitCode, endWith, exitCodes } from './exit.ts';
import { asksForHelp } from './help.ts';
import { help } from './options.ts';
import { openEnvironment } from './output.ts';

async function main(args: readonly string[]): Promise<ExitCode> {
  if (!asksForHelp(args)) return conform(args, openEnvironment());
  console.log(help);
  return exitCodes.conforms;
}

endWith(main(process.argv.slice(2)));
