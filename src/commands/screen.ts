/** What a terminal shows before and while a run is under way. */
import type { Estimate, Opening } from '../../tests/telling.ts';
import { count } from '../report/words.ts';

/** What is tested and how much is about to be sent. */
export function opening({ kind, products, seed, warnings }: Opening, { requests, wrongKeys, seconds }: Estimate): string {
  const target =
    kind === 'embedded'
      ? 'the embedded host (it says nothing about the real one)'
      : Object.entries(products)
          .map(([id, url]) => `${id} at ${url}`)
          .join(', ');
  const time = seconds === undefined ? '' : `, in some ${seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`}`;
  return [
    ...warnings.map((each) => `Warning: ${each}`),
    `Testing ${target}.`,
    `About ${count(requests)} requests, ${count(wrongKeys)} of them with wrong keys${time}. Seed ${seed}.`,
    '',
  ].join('\n');
}

export interface Progress {
  line(text: string): void;
  update(requests: number, done: number, all: number): void;
  clear(): void;
}

/** One line that is rewritten, on a terminal only: a log needs no progress. */
export function progress(stream: NodeJS.WriteStream): Progress {
  const erase = (): void => {
    if (stream.isTTY) stream.write('\r\u001b[K');
  };
  return {
    line(text) {
      erase();
      stream.write(`${text}\n`);
    },
    update(requests, done, all) {
      if (stream.isTTY) stream.write(`\r\u001b[K${count(requests)} requests answered, ${done} of ${all} requirements judged`);
    },
    clear: erase,
  };
}
