/** Limits how fast a host gets requests: how many per second, and how many open at once. One per host, for the whole run. */

export interface Pace {
  /**
   * Runs `work` when it is its turn; with `ahead`, before all others that wait. Work that is no longer wanted by then does not use up a start
   * of the permitted rate.
   */
  turn<T>(work: () => Promise<T>, ahead?: boolean, isWanted?: () => boolean): Promise<T>;
}

export interface PaceOptions {
  /** Undefined: no limit. */
  readonly perSecond: number | undefined;
  /** The most requests open at once. */
  readonly atOnce: number;
  /** How many requests the host can serve at once, as far as known by now. */
  readonly capacity?: () => number;
}

/** Keeps to a number of calls per second and of open calls, for all callers together. The call that has waited longest is next. */
export function createPace({ perSecond, atOnce, capacity = () => atOnce }: PaceOptions): Pace {
  const waiting: { readonly start: () => void; readonly isWanted: () => boolean }[] = [];
  let open = 0;
  let nextStart = 0;

  const admit = (): void => {
    while (open < Math.min(atOnce, capacity())) {
      const next = waiting.shift();
      if (next === undefined) return;
      open += 1;
      const wait = perSecond === undefined || !next.isWanted() ? 0 : reserve(1000 / perSecond);
      if (wait > 0) setTimeout(next.start, Math.ceil(wait));
      else next.start();
    }
  };
  /** Reserves the next of the evenly spaced starts; returns the time until then, in ms. */
  const reserve = (spacing: number): number => {
    const now = performance.now();
    const start = Math.max(now, nextStart);
    nextStart = start + spacing;
    return start - now;
  };

  return {
    async turn(work, ahead = false, isWanted = () => true) {
      await new Promise<void>((start) => {
        if (ahead) waiting.unshift({ start, isWanted });
        else waiting.push({ start, isWanted });
        admit();
      });
      try {
        return await work();
      } finally {
        open -= 1;
        // The caller that awaits this work may first want to queue a call ahead of the others.
        setImmediate(admit);
      }
    },
  };
}
