/** How far a run is, on a terminal. */
import { count } from '../report/headline.ts';

export interface Progress {
  line(text: string): void;
  update(requests: number, done: number, all: number): void;
  clear(): void;
}

/** One line that is rewritten. Shown on a terminal only, because a log needs no progress. */
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
