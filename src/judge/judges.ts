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

/** Of each product by itself, on its first history and on these. */
const onProduct = (judge: ProductJudge['judge'], ...needs: readonly HistoryKind[]): ProductJudge => ({
  of: 'product',
  needs: ['accepted', ...needs],
  judge,
});

export const judges = {
  'auth-required': onProduct(authentication.authRequired, 'refused'),
  'basic-scheme': onProduct(authentication.basicScheme, 'refused'),
  'key-as-password': onProduct(authentication.keyAsPassword, 'refused'),
  'username-ignored': onProduct(authentication.usernameIgnored),
  'documented-call': onProduct(example.documentedCall),
  'public-call': onProduct(example.publicCall),
  'bad-key-refused': onProduct(failure.badKeyRefused, 'refused'),
  'failure-status': onProduct(failure.failureStatus, 'refused', 'reset'),
  'failure-content-type': onProduct(failure.failureContentType, 'refused', 'reset'),
  'failure-body': onProduct(failure.failureBody, 'refused', 'reset'),
  'failure-headers': onProduct(failure.failureHeaders, 'refused', 'reset'),
  'key-for-all-calls': onProduct(apiKey.keyForAllCalls),
  'key-for-all-products': { of: 'account', needs: ['accepted'], judge: apiKey.keyForAllProducts },
  'reset-changes-key': { of: 'account', needs: ['accepted', 'reset'], judge: reset.resetChangesKey },
  'reset-needs-login': onProduct(reset.resetNeedsLogin, 'reset'),
  'reset-per-product': onProduct(reset.resetPerProduct, 'reset'),
  'old-key-stops': onProduct(reset.oldKeyStops, 'refused', 'reset'),
  'new-key-starts': onProduct(reset.newKeyStarts, 'reset'),
  'key-private': onProduct(standards.keyPrivate, 'refused'),
  'rfc9110-www-authenticate': onProduct(standards.wwwAuthenticate, 'refused'),
  'rfc7617-scheme-case': onProduct(standards.schemeCase),
  'rfc7617-utf8': onProduct(standards.utf8, 'refused'),
  'rfc9110-head': onProduct(standards.head, 'refused', 'reset'),
} satisfies Record<string, ProductJudge | AccountJudge>;

export type RequirementId = keyof typeof judges;
export const requirementIds = Object.keys(judges) as readonly RequirementId[];
/** Whether a judge has this name. */
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
