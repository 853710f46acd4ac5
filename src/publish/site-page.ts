/** The page that lists the runs of a site. Plain HTML without scripts; nothing in it is loaded from anywhere. */
import { headline, verdictWords } from '../report/headline.ts';
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
  'allure/index.html': 'report',
  'page.html': 'the page, annotated',
  'summary.md': 'summary',
  'junit.xml': 'JUnit',
  'conformance.json': 'JSON',
};

/** `runs`: the newest first. */
export function sitePage(runs: readonly Listed[], hasMatrix: boolean): string {
  const [latest] = runs;
  const body = `<main>
<h1>Conformance to the authentication page of the ActiveProspect APIs</h1>
${latest === undefined ? '<p>No run yet.</p>' : `<p class="latest ${latest.conformance.verdict}">${escaped(headline(latest.conformance))}</p>`}
<p>Every promise of the page is checked against a host. The newest run is on top${hasMatrix ? '; <a href="matrix.html">the matrix</a> shows that the suite can tell a host that breaks a promise from one that keeps it' : ''}.</p>
<ol>
${runs.map(item).join('\n')}
</ol>
</main>`;
  return standAlone({ title: 'Conformance runs', style, body });
}

function item({ folder, conformance, files }: Listed): string {
  const { verdict, name, target, startedAt, documentation, versions, checks } = conformance;
  const hosts = target.kind === 'embedded' ? 'embedded host' : Object.values(target.products).join(', ');
  const links = files.map((file) => `<a href="runs/${encodeURIComponent(folder)}/${file}">${escaped(names[file] ?? file)}</a>`);
  const facts = [
    ['target', hosts],
    ['checks', checks.toLocaleString('en')],
    ['documentation', documentation.sha256.slice(0, 12)],
    ['suite', versions.suite],
    ['Node.js', versions.node],
  ] as const;
  return `<li class="${verdict}">
<h2><span aria-hidden="true">${verdictWords[verdict].symbol}</span> ${verdict}: ${escaped(name)}</h2>
<p><time datetime="${escaped(startedAt)}">${escaped(startedAt.slice(0, 16).replace('T', ' '))} UTC</time> · ${links.join(' · ')}</p>
<dl>${facts.map(([term, value]) => `<div><dt>${term}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>
</li>`;
}

const style = `
:root { color-scheme: light dark; --rule: #8886; --conforms: #1a7f37; --violates: #b3261e; --inconclusive: #767676; }
@media (prefers-color-scheme: dark) { :root { --conforms: #4ac26b; --violates: #ff8a80; --inconclusive: #b0b0b0; } }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 56rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; }
h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
.latest { border-left: .4rem solid; padding: .5rem 1rem; font-weight: 600; }
.conforms h2, .latest.conforms { color: var(--conforms); }
.violates h2, .latest.violates { color: var(--violates); }
.inconclusive h2, .latest.inconclusive { color: var(--inconclusive); }
ol { list-style: none; margin: 1.5rem 0; padding: 0; }
li { border-top: 1px solid var(--rule); padding: 1rem 0; }
li p { margin: .25rem 0; }
dl { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0; font-size: .875rem; }
dl div { display: flex; gap: .4rem; min-width: 0; }
dt { opacity: .75; }
dd { margin: 0; overflow-wrap: anywhere; }
a { color: LinkText; }
`;
