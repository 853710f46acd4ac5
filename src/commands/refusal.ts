/** Why the right key may be refused, most likely first, by what was seen. */
import type { Configuration } from '../configuration/configuration.ts';
import type { Result } from '../judge/check.ts';
import { type Exchange, headerOf } from '../recording/exchange.ts';
import { loadProducts } from '../specifications/load.ts';
import { isProductId, type ProductId } from '../specifications/model.ts';

export function likelyReasons(
  { key, products }: Configuration,
  product: ProductId,
  refusal: Exchange | undefined,
  { elsewhere, oldKeyTaken }: { readonly elsewhere: boolean; readonly oldKeyTaken: boolean },
): readonly string[] {
  const base = products.find(({ id }) => id === product)?.base;
  const documented = new URL(loadProducts()[product].server).hostname;
  const live = base === undefined || base === 'live' || base.hostname === documented;
  const answer = refusal?.answer;
  const between =
    answer?.kind === 'response' ? ['Server', 'Via'].flatMap((name) => headerOf(answer, name)?.replace(/^/, `${name}: `) ?? []) : [];
  const outerBlank = key?.is((raw) => raw.trim() !== raw) ?? false;
  const login = 'No one has logged in to it since the last reset of the key: log in once, then run again.';
  const mistyped = `The key is cut or mistyped: what was given has ${key?.length ?? 0} characters. Compare it with the account settings of ActiveProspect ID.`;
  const other = live
    ? `It is the key of a staging account, and ${base === 'live' ? documented : (base?.hostname ?? documented)} is the production host.`
    : `It is the key of another environment: this host is not ${documented}.`;
  return [
    ...(oldKeyTaken ? ['It still takes the key from before the reset: log in to it once, then run again.'] : []),
    ...(outerBlank ? ['There is a blank at the beginning or the end of the key.'] : []),
    ...(elsewhere ? [login, 'The account is not subscribed to it.'] : [mistyped, login, 'The account is not subscribed to it.']),
    'The plan of the account is a free one, which this call is not part of.',
    'It is the key of a user, not that of the account.',
    other,
    ...(between.length === 0
      ? []
      : [`A proxy or a firewall answered in its place (${answer?.kind === 'response' ? answer.status : ''}, ${between.join(', ')}).`]),
  ];
}

/** The same for each product that refused the key in a run, as lines for a terminal. */
export function refusedKeys(configuration: Configuration, results: readonly Result[]): readonly string[] {
  const refusals = results.flatMap(({ product, judgement }) =>
    isProductId(product) && judgement.kind === 'checked'
      ? judgement.checks.flatMap((check) =>
          check.verdict === 'inconclusive' && (check.cause === 'key-refused' || check.cause === 'needs-login') ? [{ product, check }] : [],
        )
      : [],
  );
  const accepting = results.some(
    ({ requirement, judgement }) =>
      requirement === 'key-for-all-calls' && judgement.kind === 'checked' && judgement.checks.some(({ verdict }) => verdict === 'conforms'),
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
