/** Each requirement with its judge and the histories that the judge needs. The key is the requirement's id, which also titles its test. */

import type { HistoryKind, Recording } from '../recording/recording.ts';
import type { ProductId } from '../specifications/model.ts';
import * as apiKey from './api-key.ts';
import * as authentication from './authentication.ts';
import type { Judgement, Result } from './check.ts';
import * as example from './example.ts';
import * as failure from './failure.ts';
import * as reset from './reset.ts';
import * as standards from './standards.ts';

interface ProductJudge {
  readonly of: 'product';
  /** In the order in which they are asked: each builds on the ones before it. */
  readonly needs: readonly HistoryKind[];
  readonly judge: (recorded: Recording) => Judgement;
}

interface AccountJudge {
  readonly of: 'account';
  readonly needs: readonly HistoryKind[];
  readonly judge: (products: readonly Recording[]) => Judgement;
}

const overAccepted = (judge: ProductJudge['judge']): ProductJudge => ({ of: 'product', needs: ['accepted'], judge });
const overRefused = (judge: ProductJudge['judge']): ProductJudge => ({ of: 'product', needs: ['accepted', 'refused'], judge });
const overRefusals = (judge: ProductJudge['judge']): ProductJudge => ({ of: 'product', needs: ['accepted', 'refused', 'reset'], judge });
const overReset = (judge: ProductJudge['judge']): ProductJudge => ({ of: 'product', needs: ['accepted', 'reset'], judge });

export const judges = {
  'auth-required': overRefused(authentication.authRequired),
  'basic-scheme': overRefused(authentication.basicScheme),
  'key-as-password': overRefused(authentication.keyAsPassword),
  'username-ignored': overAccepted(authentication.usernameIgnored),
  'documented-call': overAccepted(example.documentedCall),
  'public-call': overAccepted(example.publicCall),
  'bad-key-refused': overRefused(failure.badKeyRefused),
  'failure-status': overRefusals(failure.failureStatus),
  'failure-content-type': overRefusals(failure.failureContentType),
  'failure-body': overRefusals(failure.failureBody),
  'failure-headers': overRefusals(failure.failureHeaders),
  'key-for-all-calls': overAccepted(apiKey.keyForAllCalls),
  'key-for-all-products': { of: 'account', needs: ['accepted'], judge: apiKey.keyForAllProducts },
  'reset-changes-key': { of: 'account', needs: ['accepted', 'reset'], judge: reset.resetChangesKey },
  'reset-needs-login': overReset(reset.resetNeedsLogin),
  'reset-per-product': overReset(reset.resetPerProduct),
  'old-key-stops': overRefusals(reset.oldKeyStops),
  'new-key-starts': overReset(reset.newKeyStarts),
  'key-private': overRefused(standards.keyPrivate),
  'rfc9110-www-authenticate': overRefused(standards.wwwAuthenticate),
  'rfc7617-scheme-case': overAccepted(standards.schemeCase),
  'rfc7617-utf8': overRefused(standards.utf8),
  'rfc9110-head': overRefusals(standards.head),
} satisfies Record<string, ProductJudge | AccountJudge>;

export type RequirementId = keyof typeof judges;
export const requirementIds = Object.keys(judges) as readonly RequirementId[];
export const isRequirementId = (word: string): word is RequirementId => Object.hasOwn(judges, word);

/** A judge of this table, which a test names. */
export type Judge = (typeof judges)[RequirementId]['judge'];

/** The table's entry for a judge. @throws Error for a function that is not in the table. */
export function judgeOf(judge: Judge): {
  readonly id: RequirementId;
  readonly needs: readonly HistoryKind[];
  readonly result: (recorded: readonly Recording[]) => Result;
} {
  const id = requirementIds.find((each) => judges[each].judge === judge);
  if (id === undefined) throw new Error('A test names a function that is not in the table of judges (src/judge/judges.ts).');
  return { id, needs: judges[id].needs, result: (recorded) => resultOf(id, recorded) };
}

/** Judges one requirement over a product's recording, or over all recordings if it belongs to the account. */
function resultOf(requirement: RequirementId, recorded: readonly Recording[]): Result {
  const { of, judge } = judges[requirement];
  const [first] = recorded;
  if (first === undefined) throw new Error(`There is no recording to judge ${requirement} on.`);
  return of === 'account'
    ? { requirement, product: 'account', judgement: judge(recorded) }
    : { requirement, product: first.first.product, judgement: judge(first) };
}

/** All requirements over all recordings, without Playwright: the same results as the tests give. */
export function judgeAll(recorded: readonly Recording[]): readonly Result[] {
  return requirementIds.flatMap((requirement): Result[] =>
    judges[requirement].of === 'account' ? [resultOf(requirement, recorded)] : recorded.map((each) => resultOf(requirement, [each])),
  );
}

/** Every requirement on each of these products, or on the account. */
export const requirementsOn = (products: readonly ProductId[]): readonly Selected[] =>
  requirementIds.flatMap((requirement): readonly Selected[] =>
    judges[requirement].of === 'account' ? [{ requirement, product: 'account' }] : products.map((product) => ({ requirement, product })),
  );

/** A requirement to judge, on a product or on the account. */
export interface Selected {
  readonly requirement: RequirementId;
  readonly product: ProductId | 'account';
}

/** The histories of a product that these requirements need. */
export const historiesFor = (selected: readonly Selected[], of: ProductId): ReadonlySet<HistoryKind> =>
  new Set(selected.flatMap(({ requirement, product }) => (product === of || product === 'account' ? judges[requirement].needs : [])));
