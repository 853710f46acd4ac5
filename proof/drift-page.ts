/** A page written for the proof, and documentation to match: the suite contains no text of the published page. */
import { type PageSection, readPage } from '../src/drift/page.ts';
import { fingerprintOf } from '../src/drift/passages.ts';
import type { Held } from '../src/drift/samples.ts';
import { loadProduct } from '../src/specifications/load.ts';
import type { Documentation, Requirement, Sentence } from '../src/specifications/model.ts';

export const call = "$ curl -uNobody:k -H 'Accept: text/x' \\\n  https://tea.test/pots";
export const answer = 'HTTP/1.1 418 Teapot\nDate: yesterday\nContent-Type: text/tea\nX-Pot: "short, stout"\n\nno coffee';

const texts = {
  warm: 'Warm water is free.',
  lid: 'The "lid" isn\'t part of `pot 1`... or is it?',
  ask: 'Ask *nicely* for [tea](https://tea.test)!',
  none: 'Nobody has to drink & run.',
} as const;

export const markdown = `> Menu of the site. Not a part of the page.

# Tea

${texts.warm} ${texts.lid}
${texts.ask}

## How to Ask

\`\`\`
${call}
\`\`\`

${texts.none}

\`\`\`
${answer}
\`\`\`
`;

/** The same page as a web site would show it: other quotes, entities, elements, and a lot around it. */
export const html = `<!doctype html><html><head><title>Tea</title><script>document.write('<h1>Tea</h1>')</script></head><body>
<header><h2>Company</h2><p>Buy our tea.</p></header><nav><ul><li>Tea. How to ask.</li></ul></nav>
<div><aside><p>On this page.</p></aside><main><div>Docs / Tea</div><article>
<header><h1 id="tea"><a aria-hidden="true" href="#tea">#</a>Tea\u200b</h1><p>Read in two minutes.</p></header>
<section><p>Warm&nbsp;water   is free. The &ldquo;lid&rdquo; isn&rsquo;t part
of <code>pot 1</code>&hellip; or is it? Ask <em>nicely</em> for <a href="https://tea.test">tea</a>!</p></section>
<section><h2>How to ask</h2><div><button>Copy</button><pre><code><span>${call.replace('\n', '\n</span><span>')}</span></code></pre></div>
<p>Nobody has to drink &amp; run.</p><pre>${answer.replaceAll('"', '&quot;')}</pre></section>
</article><div><p>Was this helpful?</p></div></main></div><footer><h2>Imprint</h2><p>All rights reserved.</p></footer></body></html>`;

const sentence = (text: string, requirements: readonly string[], more: Partial<Sentence> = {}): Sentence => ({
  fingerprint: fingerprintOf(text),
  requirements,
  ...more,
});

const requirement = (section: string, id: string, level: Requirement['level'], statement: string): Requirement => ({
  id,
  section,
  level,
  statement,
  restsOn: [section],
});

export const documentation: Documentation = {
  page: 'https://tea.test/docs',
  sha256: '0'.repeat(64),
  call: { method: 'GET', path: '/pots', username: 'Nobody', headers: { Accept: 'text/x' } },
  sections: [
    {
      title: 'Tea',
      link: 'https://tea.test/docs#tea',
      sentences: [
        sentence(texts.warm, ['auth-required']),
        sentence('The "lid" isn\'t part of pot 1... or is it?', [], { unchecked: 'A riddle.', remark: 'It is <b>odd</b>.' }),
        sentence('Ask nicely for tea!', ['auth-required', 'failure-status']),
      ],
      requirements: [requirement('Tea', 'auth-required', 'required', 'Water `costs` nothing.')],
    },
    {
      title: 'How to ask',
      link: 'https://tea.test/docs#ask',
      sentences: [
        sentence(call, ['documented-call']),
        sentence(texts.none, [], { unchecked: 'Advice.' }),
        sentence(answer, ['failure-status', 'failure-headers']),
      ],
      requirements: [
        requirement('How to ask', 'documented-call', 'required', 'The sample works.'),
        requirement('How to ask', 'failure-status', 'required', 'Coffee is refused.'),
        requirement('How to ask', 'failure-headers', 'illustrative', 'The pot is described.'),
      ],
    },
    {
      title: 'Standards',
      link: 'https://rfc.test/2324',
      sentences: [],
      requirements: [{ ...requirement('Standards', 'rfc9110-head', 'standard', 'HEAD works.'), restsOn: ['RFC 2324 section 2'] }],
    },
  ],
};

export const held: Held = {
  call: documentation.call,
  server: 'https://tea.test',
  failure: {
    ...loadProduct('leadconduit').failure,
    status: 418,
    reason: 'Teapot',
    contentType: 'text/tea',
    body: 'no coffee',
    headers: [['X-Pot', '"short, stout"']],
  },
};

export const read = (text: string, format: 'markdown' | 'html' = 'markdown'): readonly PageSection[] =>
  readPage(text, format, ['Tea', 'How to ask']);
