/** How fast a host is asked: so many requests a second, so many open at once. One per host, for the whole run. */

export interface Pace {
  /**
   * Runs `work` when its turn has come; `ahead` of all that wait, where it belongs to what has just been asked. Work that is not wanted any
   * more when its turn comes takes no place in the row of starts.
   */
  turn<T>(work: () => Promise<T>, ahead?: boolean, isWanted?: () => boolean): Promise<T>;
}

export interface PaceOptions {
  /** Undefined: as fast as it goes. */
  readonly perSecond: number | undefined;
  /** At most so many at once. */
  readonly atOnce: number;
  /** As many at once as the host admits, as far as it has shown by now. */
  readonly admits?: () => number;
}

export function createPace({ perSecond, atOnce, admits = () => atOnce }: PaceOptions): Pace {
  const waiting: { readonly start: () => void; readonly isWanted: () => boolean }[] = [];
  let open = 0;
  let nextStart = 0;

  const admit = (): void => {
    while (open < Math.min(atOnce, admits())) {
      const next = waiting.shift();
      if (next === undefined) return;
      open += 1;
      const wait = perSecond === undefined || !next.isWanted() ? 0 : reserve(1000 / perSecond);
      if (wait > 0) setTimeout(next.start, Math.ceil(wait));
      else next.start();
    }
  };
  /** Takes the next start from an evenly spaced row of them; returns how long it is until then, in ms. */
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
        // Whoever was waiting for this may have something to ask ahead of the others.
        setImmediate(admit);
      }
    },
  };
}
