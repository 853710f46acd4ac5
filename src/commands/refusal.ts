/** Likely reasons why a product refuses the key, the most likely first, based on what was observed. */
import type { Configuration } from '../configuration/configuration.ts';
import type { Result } from '../judge/check.ts';
import type { RequirementId } from '../judge/judges.ts';
import { type Exchange, sendersOf } from '../recording/exchange.ts';
import { loadProduct } from '../specifications/load.ts';
import { isProductId, type ProductId } from '../specifications/model.ts';

/** Why a product may refuse the key, the likeliest first, a sentence each. */
export function likelyReasons(
  { key, products }: Configuration,
  product: ProductId,
  refusal: Exchange | undefined,
  { elsewhere, oldKeyTaken }: { readonly elsewhere: boolean; readonly oldKeyTaken: boolean },
): readonly string[] {
  const base = products.find(({ id }) => id === product)?.base;
  const documented = new URL(loadProduct(product).server).hostname;
  const live = base === undefined || base === 'live' || base.hostname === documented;
  const answer = refusal?.answer;
  const between = answer?.kind === 'response' ? sendersOf(answer) : [];
  const outerBlank = key?.is((raw) => raw.trim() !== raw) ?? false;
  const login = 'No one has logged in to it since the last reset of the key: log in once, then run again.';
  const mistyped = `The key is cut short or mistyped: it has ${key?.length ?? 0} characters. Compare it with the account settings of ActiveProspect ID.`;
  const other = live
    ? `It is the key of a staging account, and ${base === 'live' ? documented : (base?.hostname ?? documented)} is the production host.`
    : `It is the key of another environment: this host is not ${documented}.`;
  return [
    ...(oldKeyTaken ? ['The product still accepts the key from before the reset: log in to it once, then run again.'] : []),
    ...(outerBlank ? ['The key begins or ends with a blank.'] : []),
    ...(elsewhere ? [login, 'The account is not subscribed to it.'] : [mistyped, login, 'The account is not subscribed to it.']),
    'The account is on a free plan, which does not include this call.',
    'It is the key of a user, not of the account.',
    other,
    ...(between.length === 0
      ? []
      : [`A proxy or a firewall answered instead (${answer?.kind === 'response' ? answer.status : ''}, ${between.join(', ')}).`]),
  ];
}

/** The reasons for each product that refused the key, as lines for a terminal. */
export function refusedKeys(configuration: Configuration, results: readonly Result[]): readonly string[] {
  const refusals = results.flatMap(({ product, judgement }) =>
    isProductId(product) && judgement.kind === 'checked'
      ? judgement.checks.flatMap((check) =>
          check.verdict === 'inconclusive' && (check.cause === 'key-refused' || check.cause === 'needs-login') ? [{ product, check }] : [],
        )
      : [],
  );
  const rightKey: RequirementId = 'key-for-all-calls';
  const accepting = results.some(
    ({ requirement, judgement }) =>
      requirement === rightKey && judgement.kind === 'checked' && judgement.checks.some(({ verdict }) => verdict === 'conforms'),
  );
  return [...new Map(refusals.map((each) => [each.product, each.check]))].flatMap(([product, check]) => [
    '',
    `Why ${product} may refuse the key, most likely first:`,
    ...likelyReasons(configuration, product, check.evidence.at(-1), {
      elsewhere: accepting,
      oldKeyTaken: check.verdict === 'inconclusive' && check.cause === 'needs-login',
    }).map((reason) => `  - ${reason}`),
  ]);
}
