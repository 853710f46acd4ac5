/** Asks what is needed of each product, and hands each recording over as soon as it is complete. */
import { handOver, handOverFailure } from '../recording/handover.ts';
import type { Recording } from '../recording/recording.ts';
import type { Asking, Needs } from './asking.ts';
import type { Estimate } from './estimate.ts';

export interface Recorded {
  /** How much is about to be sent. */
  readonly estimate: Estimate;
  /** Of all products that something is needed of. Rejects with the first error of ours, when every product has been handed over or has failed. */
  readonly recordings: Promise<readonly Recording[]>;
}

/** `folder` is where those that judge wait for the recordings. */
export function record(asking: Asking, needs: Needs, folder: string): Recorded {
  const asked = asking.subjects.flatMap(({ spec: { id } }) => (needs(id).size === 0 ? [] : [id]));
  const estimate = asking.begin(needs);
  const recordings = asked.map(async (product): Promise<Recording> => {
    try {
      const recording = await asking.recorded(product, needs(product));
      handOver(folder, recording);
      return recording;
    } catch (error) {
      handOverFailure(folder, product, error instanceof Error ? (error.stack ?? error.message) : String(error));
      throw error;
    }
  });
  return { estimate, recordings: Promise.allSettled(recordings).then(() => Promise.all(recordings)) };
}
