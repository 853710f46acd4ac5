/** The page that lists the runs of a site. Plain HTML without scripts that loads nothing. */
import { count, headline, targetName, verdictWords } from '../report/headline.ts';
import type { Conformance } from '../report/model.ts';
import { standAlone } from '../report/page/document.ts';
import { escaped } from '../report/page/escape.ts';

export interface Listed {
  /** Below `runs/`. */
  readonly folder: string;
  readonly conformance: Conformance;
  /** Of the run, relative to its folder. */
  readonly files: readonly string[];
}

const names: Readonly<Record<string, string>> = {
  'index.html': 'front page',
  'allure/index.html': 'all evidence',
  // Written by earlier versions.
  'page.html': 'the page, annotated',
  'summary.md': 'summary',
  'junit.xml': 'JUnit',
  'conformance.json': 'JSON',
};

/** `runs`: the newest first. */
export function sitePage(runs: readonly Listed[], hasMatrix: boolean): string {
  const latest = runs.find(isReal) ?? runs[0];
  const body = `<main>
<h1>Conformance to the authentication page of the ActiveProspect APIs</h1>
${latest === undefined ? '<p>No run yet.</p>' : `<p class="latest ${latest.conformance.verdict}">${verdictWords[latest.conformance.verdict].symbol} ${escaped(headline(latest.conformance))}</p>`}
<p>Each run checks every promise of that page against a host. The newest run is on top.${hasMatrix ? ' <a href="matrix.html">The matrix</a> shows how the suite judges hosts that break each promise, and hosts that keep them all.' : ''}</p>
<ol>
${runs.map(item).join('\n')}
</ol>
</main>`;
  return standAlone({
    title: 'ActiveProspect authentication: conformance runs',
    icon: latest?.conformance.verdict ?? 'inconclusive',
    style,
    body,
  });
}

const isReal = ({ conformance }: Listed): boolean => conformance.target.kind === 'own';

function item({ folder, conformance, files }: Listed): string {
  const { verdict, name, target, startedAt, documentation, versions, checks } = conformance;
  const hosts = target.kind === 'embedded' ? 'embedded host' : Object.values(target.products).join(', ');
  const address = (file: string): string => `runs/${encodeURIComponent(folder)}/${file}`;
  const links = files.map((file) => `<a href="${address(file)}">${escaped(names[file] ?? file)}</a>`);
  const title = `${verdictWords[verdict].symbol} ${escaped(headline(conformance))}`;
  const facts = [
    ...(name === targetName(target) ? [] : [['run', name] as const]),
    ['target', hosts],
    ['checks', count(checks)],
    ['documentation', documentation.sha256.slice(0, 12)],
    ['suite', versions.suite],
    ['Node.js', versions.node],
  ] as const;
  return `<li>
<h2>${files.includes('index.html') ? `<a class="${verdict}" href="${address('index.html')}">${title}</a>` : `<span class="${verdict}">${title}</span>`}</h2>
${broken(conformance)}<p><time datetime="${escaped(startedAt)}">${escaped(startedAt.slice(0, 16).replace('T', ' '))} UTC</time> · ${links.join(' · ')}</p>
<dl>${facts.map(([term, value]) => `<div><dt>${term}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>
</li>`;
}

/** Each requirement that changed the verdict, and where. */
function broken({ requirements }: Conformance): string {
  const items = requirements
    .filter(({ level, verdict }) => level === 'required' && (verdict === 'violates' || verdict === 'inconclusive'))
    .map(({ id, verdict, products, findings }) => {
      const on = Object.entries(products).filter(([, each]) => each === verdict);
      const known = findings.some((each) => each.verdict === verdict && each.known) ? ' (known)' : '';
      const where = on.length === 0 ? '' : ` on ${on.map(([product]) => product).join(', ')}`;
      return `<span class="${verdict}">${verdictWords[verdict].symbol} ${escaped(id)}</span>${escaped(where)}${known}`;
    });
  return items.length === 0 ? '' : `<p>${items.join('; ')}</p>\n`;
}

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; background: var(--paper); color: var(--ink); }
main { max-width: 56rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
a { color: var(--link); }
h2 a { text-decoration: none; } h2 a:hover { text-decoration: underline; }
h2 a.violates { color: var(--violates); } h2 a.inconclusive { color: var(--inconclusive); } h2 a.conforms { color: var(--conforms); }
.latest { border-left: .4rem solid; padding: .5rem 1rem; font-weight: 600; }
ol { list-style: none; margin: 1.5rem 0; padding: 0; }
li { border-top: 1px solid var(--line); padding: 1rem 0; }
li p { margin: .25rem 0; }
dl { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0; font-size: .875rem; }
dl div { display: flex; gap: .4rem; min-width: 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; }
`;
