/** Each requirement with the histories that it is judged over and its judge. The key is the id: the title of its test, its name everywhere. */

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
  /** Each history stands on those before it in this list's order. */
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

/** A judge of this table: what a test names. */
export type Judge = (typeof judges)[RequirementId]['judge'];

/** What the table says of a judge. @throws Error for a function that is not in it. */
export function judgeOf(judge: Judge): {
  readonly id: RequirementId;
  readonly needs: readonly HistoryKind[];
  readonly result: (recorded: readonly Recording[]) => Result;
} {
  const id = requirementIds.find((each) => judges[each].judge === judge);
  if (id === undefined) throw new Error('A test names a function that judges no requirement.');
  return { id, needs: judges[id].needs, result: (recorded) => resultOf(id, recorded) };
}

/** One requirement over what was recorded: of its product, or of every product where it belongs to the account. */
function resultOf(requirement: RequirementId, recorded: readonly Recording[]): Result {
  const { of, judge } = judges[requirement];
  const [first] = recorded;
  if (first === undefined) throw new Error(`no product that ${requirement} could be judged on`);
  return of === 'account'
    ? { requirement, product: 'account', judgement: judge(recorded) }
    : { requirement, product: first.first.product, judgement: judge(first) };
}

/** All requirements over all that was recorded, without a runner: what the tests would record. */
export function judgeAll(recorded: readonly Recording[]): readonly Result[] {
  return requirementIds.flatMap((requirement): Result[] =>
    judges[requirement].of === 'account' ? [resultOf(requirement, recorded)] : recorded.map((each) => resultOf(requirement, [each])),
  );
}

/** Each requirement on each of these products, or on the account. */
export const requirementsOn = (products: readonly ProductId[]): readonly Selected[] =>
  requirementIds.flatMap((requirement): readonly Selected[] =>
    judges[requirement].of === 'account' ? [{ requirement, product: 'account' }] : products.map((product) => ({ requirement, product })),
  );

/** A requirement that is to be judged, on a product or on the account. */
export interface Selected {
  readonly requirement: RequirementId;
  readonly product: ProductId | 'account';
}

/** The histories of a product that these are judged over. */
export const historiesFor = (selected: readonly Selected[], of: ProductId): ReadonlySet<HistoryKind> =>
  new Set(selected.flatMap(({ requirement, product }) => (product === of || product === 'account' ? judges[requirement].needs : [])));
