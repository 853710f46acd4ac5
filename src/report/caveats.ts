/** What could make a verdict worth less than it seems: what was not tested, and what was left out of it. */
import { listed } from '../listed.ts';
import { isLoopback } from '../loopback.ts';
import { causes } from '../recording/causes.ts';
import { ofProduct, type ProductId, type ProductSpec, productIds } from '../specifications/model.ts';
import { urlVariable } from '../specifications/variables.ts';
import { counting, notSelected, recordedNote } from './headline.ts';
import type { Conformance, Run } from './model.ts';
import { notRunIn } from './not-run.ts';

/** A sentence each, gravest first, in which backticks mark code. None where every promise was checked on every product of a real host. */
export function caveatsOf(run: Run, conformance: Conformance, products: Readonly<Record<ProductId, ProductSpec>>): readonly string[] {
  const { requirements, checks, verdict } = conformance;
  const left = requirements.filter(({ needs }) => needs === notSelected).length;
  const note = recordedNote(run);
  const plain = Object.values(run.target.products)
    .map((base) => new URL(base))
    .filter(({ protocol, hostname }) => protocol === 'http:' && !isLoopback(hostname));
  return [
    ...(run.target.kind === 'embedded'
      ? [
          `This run tested the embedded host, which the suite starts itself and which behaves as documented. It says nothing about a real host: set ${inWords(productIds.map(urlVariable))} and \`ACTIVEPROSPECT_API_KEY\` to test yours.`,
        ]
      : []),
    ...(verdict === 'inconclusive' && checks === 0 ? [causes['no-check']] : []),
    ...untested(run, products),
    ...(left === 0 ? [] : [`Only a part was run: ${counting(left, 'requirement was', 'requirements were')} not selected.`]),
    ...notRunIn(run, conformance)
      .filter(({ needs }) => needs !== notSelected)
      .map(({ reason, requirements: [first, ...others] }) => `${reason}: \`${[first, ...others].join('`, `')}\`.`),
    ...run.known
      .filter(({ expires }) => expires >= run.startedAt.slice(0, 10))
      .map(({ requirement, product, verdict: expected, expires, reason }) => {
        const where = product === undefined ? '' : ` on ${product}`;
        return `Left out of the verdict: \`${requirement}\`${where} is a known difference (${expected}) until ${expires} (${reason}).`;
      }),
    ...plain.map(({ hostname }) => `The key went to \`${hostname}\` over plain HTTP, as \`PLAIN_HTTP_HOSTS\` allows.`),
    ...(note === undefined ? [] : [note]),
  ];
}

function untested(run: Run, products: Readonly<Record<ProductId, ProductSpec>>): readonly string[] {
  const left = productIds.filter((id) => run.target.products[id] === undefined);
  if (left.length === 0 || run.target.kind === 'embedded') return [];
  const names = left.map((id) => ofProduct(products, id).title);
  return [`${listed(names)} ${left.length === 1 ? 'was' : 'were'} not tested: set ${inWords(left.map(urlVariable))}.`];
}

const inWords = (names: readonly string[]): string => names.map((each) => `\`${each}\``).join(', ');
