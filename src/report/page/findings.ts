/** What broke and what could not be determined, each with what to do about it; then what changes no verdict, folded. */
import { type Cause, causeAnchor, causes } from '../../recording/causes.ts';
import { ofProduct, type ProductId } from '../../specifications/model.ts';
import { resultAnchor } from '../allure/description.ts';
import { addedBy, type FindingGroup, groupsOf, placeOf, promiseOf } from '../findings.ts';
import { count, counting, verdictWords } from '../headline.ts';
import { callOf, replayLines, replayMeanings } from '../replay.ts';
import { shortened } from '../visible.ts';
import { code, escaped } from './escape.ts';
import type { FrontPageOptions } from './options.ts';

/** Groups of findings that are shown in full; the Allure report has the rest. */
const groupsShown = 20;
const checksNamed = 3;
/** In characters. */
const valueLimit = 400;

/** HTML: what broke or could not be determined, then what was noted. */
export function findingsOf(options: FrontPageOptions): string {
  const { run, conformance } = options;
  const changing = groupsOf(run, conformance, ['violates', 'inconclusive']);
  const news = (verdict: FindingGroup['finding']['verdict']): readonly FindingGroup[] =>
    changing.filter(({ finding }) => finding.verdict === verdict && !finding.known);
  const [broken, unclear] = [news('violates'), news('inconclusive')];
  const known = changing.filter(({ finding }) => finding.known);
  return [
    inFull('What broke', broken, options),
    inFull('What could not be determined', unclear, options),
    broken.length + unclear.length > 0 ? '' : `<h2>Findings</h2><p>${nothing(options)}</p>`,
    folded('Known differences, left out of the verdict', known, options),
    folded('Noted: differences that break no promise', groupsOf(run, conformance, ['noted']), options),
  ].join('\n');
}

const nothing = ({ conformance }: FrontPageOptions): string =>
  conformance.checks === 0 ? 'Nothing was checked.' : 'Nothing that was checked breaks a promise.';

function inFull(title: string, groups: readonly FindingGroup[], options: FrontPageOptions): string {
  if (groups.length === 0) return '';
  const shown = groups.slice(0, groupsShown);
  const articles = shown.map((group, index) => article(group, shown[index - 1], options));
  const more = groups.length - shown.length;
  return `<h2>${title}</h2>
${articles.join('\n')}
${more > 0 ? `<p>And ${counting(more, 'more finding', 'more findings')}: <a href="allure/index.html">see the Allure report</a>.</p>` : ''}`;
}

function article(group: FindingGroup, before: FindingGroup | undefined, { run, documentation, products }: FrontPageOptions): string {
  const { requirements, finding } = group;
  const ids = requirements.join(', ');
  const { symbol, word } = verdictWords[finding.verdict];
  const where = placeOf(group, (product) => ofProduct(products, product).title);
  const statement = promiseOf(group, before, documentation)?.requirement.statement;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['Expected', literal(finding.expected)],
    ['Got', literal(finding.actual)],
    ['Finding', textOf(addedBy(finding))],
    ['Checks', escaped(namesOf(group.checks))],
    ['Next', finding.cause && next(finding.cause, finding.message)],
    ['Evidence', evidenceLinks(group, products)],
  ];
  return `<article class="finding">
<h3><span class="${finding.verdict}">${symbol} ${escaped(ids)}</span>: ${word} on ${escaped(where)} <small>(${counting(group.count, 'check', 'checks')})</small></h3>
${statement === undefined ? '' : `<p><b>Promise:</b> ${code(statement)}</p>`}
<dl>${rows.map(([term, value]) => (value === undefined ? '' : `<div><dt>${term}</dt><dd>${value}</dd></div>`)).join('')}</dl>
${lines(group, run)}
</article>`;
}

function lines(group: FindingGroup, run: FrontPageOptions['run']): string {
  const call = callOf(group, run);
  const all = [
    ...replayLines(group, run).map(({ kind, line, warning }) => ({ label: replayMeanings[kind], line, warning })),
    ...(call === undefined ? [] : [{ label: 'The call itself', line: call, warning: undefined }]),
  ];
  return all
    .map(
      ({ label, line, warning }) =>
        `<p class="line"><span>${label}${warning === undefined ? '' : `. <strong>${escaped(warning)}</strong>`}</span><code>${escaped(line)}</code><button type="button" class="copy" hidden>Copy</button></p>`,
    )
    .join('\n');
}

const literal = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : `<code>${escaped(shortened(text, valueLimit))}</code>`;
const textOf = (text: string | undefined): string | undefined => (text === undefined ? undefined : escaped(shortened(text, valueLimit)));

const namesOf = (checks: readonly string[]): string => {
  const more = checks.length - checksNamed;
  return [...checks.slice(0, checksNamed), ...(more > 0 ? [`and ${count(more)} more`] : [])].join('; ');
};

/** What to do, unless the finding has said it, and where the documentation says more. */
const next = (cause: Cause, message: string): string =>
  `${message.includes(causes[cause]) ? '' : `${escaped(causes[cause])} `}<span class="soft">(${cause}: <code>${escaped(causeAnchor(cause))}</code>)</span>`;

/** The results in the Allure report, where a group about many requirements names the first, and the recording, for each product. */
function evidenceLinks({ requirements: [requirement], products: concerned }: FindingGroup, products: FrontPageOptions['products']): string {
  const on: readonly (ProductId | 'account')[] = concerned.length === 0 ? ['account'] : concerned;
  return on
    .map((product) => {
      const title = product === 'account' ? 'the account' : ofProduct(products, product).title;
      const recording = product === 'account' ? '' : `<!--recording--> (<a href="recording/${product}.har">recording</a>)<!--/recording-->`;
      return `<a href="allure/index.html#${resultAnchor(requirement, product)}">${escaped(title)}</a>${recording}`;
    })
    .join(', ');
}

function folded(title: string, groups: readonly FindingGroup[], { products }: FrontPageOptions): string {
  if (groups.length === 0) return '';
  const items = groups.slice(0, groupsShown).map((group) => {
    const { requirements, finding, count: number } = group;
    const where = placeOf(group, (product) => ofProduct(products, product).title);
    const { symbol } = verdictWords[finding.verdict];
    return `<li><span class="${finding.verdict}">${symbol} ${escaped(requirements.join(', '))}</span> on ${escaped(where)}: ${escaped(shortened(finding.message, valueLimit))} <span class="soft">(${counting(number, 'check', 'checks')})</span></li>`;
  });
  const more = groups.length - items.length;
  return `<details><summary>${title} (${groups.length})</summary><ul>${items.join('')}${more > 0 ? `<li>and ${count(more)} more</li>` : ''}</ul></details>`;
}
