/** The end of a command by a signal: in order, with the reports of the last run in place and nothing half-written beside them. */

/** Of a terminal (Ctrl-C, and when it is closed) and of a service that ends its jobs. */
const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruption {
  /** Resolves at the first signal. */
  readonly came: Promise<'interrupted'>;
  readonly hasCome: () => boolean;
}

/** From now on a signal ends the command in order. Further ones are ignored, since npm passes on the one that a terminal has sent to all. */
export function interruption(): Interruption {
  let hasCome = false;
  const came = new Promise<'interrupted'>((resolve) => {
    for (const signal of endingSignals)
      process.on(signal, () => {
        hasCome = true;
        resolve('interrupted');
      });
  });
  return { came, hasCome: () => hasCome };
}

export const sayInterrupted = 'Interrupted. The reports of the last complete run are unchanged.';
