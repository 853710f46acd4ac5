/** Estimates, before the first request, how much the histories will send. Calls that a host makes us repeat come on top. */
import { grouped } from '../grouped.ts';
import type { HistoryKind } from '../recording/recording.ts';
import type { ProductId } from '../specifications/model.ts';
import { acceptedRequests } from './accepted.ts';
import { usernames } from './cases/usernames.ts';
import { plannedRefusals } from './planned.ts';
import { resetRequests } from './reset.ts';
import { resetByCommandRequests } from './reset-by-command.ts';
import { mayBeControl, type Subject } from './subject.ts';

interface Needed {
  readonly subject: Subject;
  readonly kinds: ReadonlySet<HistoryKind>;
  /** Of its base URL. Products of one origin share its pace. */
  readonly origin: string;
}

/** @param perSecond the configured pace; if undefined, hosts off loopback are asked at the gentle one. */
export function estimate(needed: readonly Needed[], perSecond: number | undefined): Estimate {
  const each = needed.map(({ subject, kinds, origin }) => {
    const first = acceptedRequests(subject);
    const control = subject.spec.operations.find((operation) => mayBeControl(operation, subject));
    const second =
      kinds.has('refused') && control !== undefined
        ? plannedRefusals(subject, control, usernames(subject.keys.key, subject.seed))
        : { requests: 0, wrongKeys: 0 };
    const third = kinds.has('reset') && subject.resetsKey ? costOfReset(subject, needed.length) : { requests: 0, wrongKeys: 0 };
    return { subject, origin, requests: first + second.requests + third.requests, wrongKeys: second.wrongKeys + third.wrongKeys };
  });
  const requestsOf = (products: readonly { readonly requests: number }[]): number =>
    products.reduce((sum, { requests }) => sum + requests, 0);
  // Hosts are asked in parallel, so the one with the most requests decides.
  const pace = perSecond ?? (needed.some(({ subject }) => subject.gentle) ? gentlePerSecond : undefined);
  const paced = each.filter(({ subject }) => perSecond !== undefined || subject.gentle);
  const longest = Math.max(0, ...[...grouped(paced, ({ origin }) => origin).values()].map(requestsOf));
  return {
    requests: requestsOf(each),
    wrongKeys: each.reduce((sum, { wrongKeys }) => sum + wrongKeys, 0),
    seconds: pace === undefined ? undefined : longest / pace,
    resets: needed.flatMap(({ subject: { spec, resetsKey, embedded }, kinds }) =>
      kinds.has('reset') && resetsKey && !embedded ? [spec.id] : [],
    ),
  };
}

const costOfReset = (subject: Subject, products: number): { readonly requests: number; readonly wrongKeys: number } =>
  subject.embedded ? resetRequests(subject) : resetByCommandRequests(subject, products);

/** Requests per second to a host off loopback, unless configured otherwise. */
export const gentlePerSecond = 5;

/** What will be sent. */
export interface Estimate {
  readonly requests: number;
  readonly wrongKeys: number;
  /** Duration at the permitted pace, in seconds; undefined if the pace is unlimited. */
  readonly seconds: number | undefined;
  /** Products to which the user's LOGIN_COMMAND logs in after the user's RESET_COMMAND. */
  readonly resets: readonly ProductId[];
}
