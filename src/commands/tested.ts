/** Starts the tests that judge the recordings, receives each result, and makes sure that none is missing. */
import type { Result } from '../judge/check.ts';
import type { Selected } from '../judge/judges.ts';
import type { Vault } from '../keys/vault.ts';
import { inOrder } from '../report/fold.ts';
import { SuiteFailed } from './exit.ts';
import { type PlayOptions, runPlaywright } from './playwright.ts';

/** Tests that are running. */
export interface Testing {
  /** Those that tests have recorded by now. */
  readonly results: readonly Result[];
  /** All, in the page's order. @throws SuiteFailed where a test recorded no result, or the tests ended early. */
  readonly ended: Promise<readonly Result[]>;
  interrupt(): void;
}

/** Starts the tests of these requirements, in a process of their own. */
export function startTests(options: PlayOptions, vault: Vault): Testing {
  const results: Result[] = [];
  const failures: string[] = [];
  let begun: readonly Selected[] | undefined;
  const playing = runPlaywright(options, vault, (message) => {
    switch (message.type) {
      case 'selected':
        begun = message.selected;
        break;
      case 'result': {
        const { type: _, ...result } = message;
        results.push(result);
        break;
      }
      case 'failed':
        failures.push(`${message.requirement} on ${message.product}: ${message.message}`);
        break;
      default:
        message satisfies never;
    }
  });
  const end = async (): Promise<readonly Result[]> => {
    const { exitCode, signal, errors } = await playing.ended;
    const has = (list: readonly Selected[], { requirement, product }: Selected): boolean =>
      list.some((each) => each.requirement === requirement && each.product === product);
    const missing = options.selected.filter((each) => !has(results as readonly Selected[], each));
    if (begun === undefined) throw new SuiteFailed(`the tests ended early (${signal ?? `exit code ${exitCode}`}).\n${errors}`);
    if (failures.length > 0) throw new SuiteFailed(`${failures.join('\n')}\n${errors}`);
    if (missing.length > 0) {
      const places = missing.map(({ requirement, product }) => `${requirement} on ${product}`).join(', ');
      throw new SuiteFailed(`no result was recorded for ${places}.\n${errors}`);
    }
    if (errors !== '') process.stderr.write(errors);
    return inOrder(results);
  };
  return { results, ended: end(), interrupt: playing.interrupt };
}
