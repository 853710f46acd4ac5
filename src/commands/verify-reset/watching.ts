/** The watching of `verify-reset`: what is shown and remembered while it lasts, and the keys of the keyboard. */
import type { Asking } from '../../ask/asking.ts';
import { type Watch, watch } from '../../ask/reset-by-hand.ts';
import type { Configuration } from '../../configuration/configuration.ts';
import { refusalNotes } from '../../judge/failure.ts';
import type { Secret } from '../../keys/secret.ts';
import type { KeyReset } from '../../recording/reset.ts';
import { loadProduct } from '../../specifications/load.ts';
import type { ProductId } from '../../specifications/model.ts';
import type { Interruption } from '../interruption.ts';
import { loginPagesOf } from './login-pages.ts';
import type { VerifyResetOptions } from './options.ts';
import type { Memory } from './remembered.ts';
import { lineScreen, tableScreen } from './screen.ts';
import { noteIn, table } from './table.ts';

interface WatchingOptions extends VerifyResetOptions {
  readonly configuration: Configuration & { readonly newKey: Secret };
  readonly memory: Memory;
  readonly isTerminal: boolean;
  readonly interrupted: Interruption;
}

/** Watches the products on the screen until all have switched, the time is up, or the person has left. Leaves the terminal as it was. */
export async function watchUntilOver(
  asking: Asking,
  { configuration: { newKey, oldKey }, memory, isTerminal, waitMs, loggedIn, interrupted }: WatchingOptions,
): Promise<{ readonly resets: readonly KeyReset[] | 'left'; readonly products: Watch['products'] }> {
  const now = (): number => performance.now();
  const clock = { now, endsAt: now() + waitMs };
  const pages = loginPagesOf(asking.products);
  let watched: Watch | undefined;
  const noteOf = (product: ProductId): string | undefined =>
    noteIn(refusalNotes(watched?.probes.filter((each) => each.product === product) ?? [], loadProduct(product).failure));
  const screen = isTerminal
    ? tableScreen((width) => watched && table(watched.products, { pages, clock, width, noteOf, warning: memory.problem }))
    : lineScreen(
        () => watched,
        noteOf,
        (line) => console.log(line),
      );
  const said = (): Readonly<Record<ProductId, number>> =>
    Object.fromEntries((watched?.products ?? []).flatMap(({ product, saidAt }) => (saidAt === undefined ? [] : [[product, saidAt]])));
  watched = watch({
    subjects: asking.subjects,
    oldKey,
    newKey,
    waitMs,
    now,
    earlier: memory.earlier,
    loggedIn: { ...memory.loggedIn, ...Object.fromEntries(loggedIn.map((id) => [id, now()])) },
    onChange() {
      screen.update();
      if (watched !== undefined) memory.save(watched.probes, said());
    },
  });
  const whoLeaves = leaving(watched, { isTerminal, interrupted });
  try {
    const resets = await Promise.race([watched.resets, whoLeaves.left]);
    if (resets === 'left') watched.stop();
    return { resets, products: watched.products };
  } finally {
    whoLeaves.close();
    screen.end();
    await asking.close();
  }
}

interface Leaving {
  readonly left: Promise<'left'>;
  close(): void;
}

/** Keys of the keyboard: the number of a product says that the person has logged in to it, q leaves; so does a signal. */
function leaving(watched: Watch, { isTerminal, interrupted }: Pick<WatchingOptions, 'isTerminal' | 'interrupted'>): Leaving {
  let leave = (): void => {};
  const left = new Promise<'left'>((resolve) => {
    leave = () => resolve('left');
  });
  const pressed = (data: Buffer): void => {
    const text = data.toString('utf8');
    const product = watched.products[Number(text) - 1];
    if (text === 'q' || text === '\u0003') leave();
    else if (product !== undefined && !product.switched) watched.said(product.product);
  };
  void interrupted.came.then(leave);
  if (isTerminal) process.stdin.setRawMode(true).resume().on('data', pressed);
  return {
    left,
    close() {
      if (isTerminal) process.stdin.setRawMode(false).off('data', pressed).pause();
    },
  };
}
