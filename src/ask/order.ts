/** The three histories of each product in their order, each asked once, no matter who requests it and how often. */
import { once } from '../once.ts';
import type { AcceptedHistory } from '../recording/accepted.ts';
import { isSteady } from '../recording/intermittent.ts';
import type { RefusedHistory } from '../recording/refused.ts';
import type { KeyReset } from '../recording/reset.ts';
import type { ProductId } from '../specifications/model.ts';
import { accepted } from './accepted.ts';
import type { AcceptingProduct, Account } from './recorder.ts';
import { refused } from './refused.ts';
import { type ResetClock, resetOnce } from './reset.ts';
import { resetByCommand } from './reset-by-command.ts';
import type { Subject } from './subject.ts';

/** Whose key can be reset: that of a new account for each reset, or that of the one account on the user's own host. */
export type Accounts = { readonly kind: 'opened'; readonly open: () => Account } | { readonly kind: 'own'; readonly account: Account };

export interface ProductHistories {
  accepted(): Promise<AcceptedHistory>;
  refused(): Promise<RefusedHistory | undefined>;
  reset(): Promise<KeyReset | undefined>;
}

/** A history waits for the earlier ones that have been requested by then. */
export function historiesInOrder(
  subjects: readonly Subject[],
  accounts: Accounts | undefined,
  clock: ResetClock,
): ReadonlyMap<ProductId, ProductHistories> {
  const seconds: Promise<unknown>[] = [];
  const firsts = new Map(subjects.map((subject) => [subject, once(() => accepted(subject))]));
  const accepting = async (subject: Subject): Promise<AcceptingProduct> => ({
    subject,
    first: await (firsts.get(subject) as () => Promise<AcceptedHistory>)(),
  });
  const allAccepting = async (): Promise<readonly AcceptingProduct[]> =>
    (await Promise.all(subjects.map(accepting))).filter(({ first }) => isSteady(first));
  /** The one account is reset once, after everything else. */
  const ownResets = once(async (): Promise<readonly KeyReset[]> => {
    const all = await allAccepting();
    await Promise.all(seconds);
    return accounts?.kind === 'own' && all.length > 0 ? resetByCommand(all, accounts.account, clock) : [];
  });

  const asked = (subject: Subject): ProductHistories => {
    const first = firsts.get(subject) as () => Promise<AcceptedHistory>;
    let second: Promise<RefusedHistory | undefined> | undefined;
    return {
      accepted: first,
      refused: () => {
        if (second === undefined) {
          second = first().then((history) => refused(subject, history));
          seconds.push(second);
        }
        return second;
      },
      reset: once(async () => {
        if (accounts?.kind === 'own') return (await ownResets()).find(({ product }) => product === subject.spec.id);
        const own = { subject, first: await first() };
        await second;
        if (accounts === undefined || !isSteady(own.first)) return undefined;
        const bystanders = (await allAccepting()).filter((each) => each.subject !== subject);
        return resetOnce(own, bystanders, accounts.open(), clock);
      }),
    };
  };
  return new Map(subjects.map((subject) => [subject.spec.id, asked(subject)]));
}
