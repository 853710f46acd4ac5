/** How the front page looks: on a screen in light and dark, on a phone, on paper. */
export const style = `
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1rem clamp(1rem, 4vw, 2.5rem) 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, pre:focus-visible, button:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
section:focus { outline: none; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem; background: var(--paper); z-index: 1; }
h1 { font-size: clamp(1.25rem, 4.5vw, 1.75rem); line-height: 1.25; margin: .25rem 0 .75rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; }
h3 { font-size: 1.05rem; margin: 0 0 .35rem; }
h4 { font-size: 1rem; margin: 0 0 .25rem; font-weight: 400; }
p { margin: .35rem 0; }
code, pre { font-family: ui-monospace, monospace; font-size: .875rem; }
summary { cursor: pointer; padding: .25rem 0; }
.kicker, .figures, .soft, .level, small { color: var(--soft); font-size: .875rem; }
.kicker { font-weight: 600; margin: 0; }
.target, .finding dl, footer dl { margin: .35rem 0; }
.target div { display: flex; flex-wrap: wrap; gap: 0 .75rem; }
.target dt { flex: 0 0 8rem; color: var(--soft); } .target dd { margin: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: .5rem 0; list-style: none; }
nav a { display: inline-block; min-height: 1.5rem; }
.caveats { border: 2px solid var(--inconclusive); border-radius: .4rem; padding: .5rem 1rem; margin: 1rem 0; }
.caveats h2 { margin: 0; font-size: 1.05rem; }
.caveats ul { margin: .25rem 0; padding-left: 1.2rem; }
article { background: var(--card); border-radius: .4rem; padding: .7rem .9rem; margin-bottom: .6rem; scroll-margin-top: 1rem; }
article:target { outline: 3px solid var(--link); }
.finding dl div { display: flex; gap: .75rem; margin: .15rem 0; }
.finding dt { flex: 0 0 5.5rem; font-weight: 600; } .finding dd { margin: 0; min-width: 0; }
.line { display: grid; grid-template-columns: 1fr auto; gap: .15rem .5rem; align-items: center; margin: .6rem 0 0; }
.line span { grid-column: 1 / -1; color: var(--soft); font-size: .875rem; }
.line code { background: var(--paper); border: 1px solid var(--line); border-radius: .3rem; padding: .35rem .6rem; }
.copy { font: inherit; font-size: .875rem; min-height: 2rem; padding: 0 .75rem; color: var(--ink); background: var(--paper);
  border: 1px solid var(--soft); border-radius: .3rem; cursor: pointer; }
table { border-collapse: collapse; }
.verdicts th, .verdicts td { text-align: left; padding: .15rem 1rem .15rem 0; font-weight: 400; vertical-align: top; }
.verdicts thead th { color: var(--soft); font-size: .875rem; vertical-align: bottom; }
.verdicts .section th { font-weight: 600; padding-top: .6rem; }
.verdicts tbody th { padding-left: .75rem; } .verdicts .section th { padding-left: 0; }
.verdicts td a { text-decoration: none; } .verdicts td a:hover { text-decoration: underline; }
.verdicts td a, .verdicts tbody th a { display: inline-block; min-height: 1.5rem; }
.verdicts a.violates { color: var(--violates); font-weight: 700; } .verdicts a.inconclusive { color: var(--inconclusive); font-weight: 700; }
.verdicts a.noted { color: var(--noted); } .verdicts a.conforms { color: var(--conforms); }
.verdicts .checks { text-align: right; color: var(--soft); padding-right: 0; }
.charts { display: flex; flex-wrap: wrap; gap: 1rem; }
figure { margin: 0; flex: 1 1 20rem; max-width: 36rem; } figure svg { display: block; width: 100%; height: auto; border: 1px solid var(--line); }
figcaption { font-size: .875rem; color: var(--soft); }
.coverage th { text-align: left; font-weight: 400; padding: .1rem 1rem .1rem 0; }
ol { list-style: none; padding: 0; margin: .5rem 0 0; }
section section { margin: 1.25rem 0; }
.row { display: flex; flex-wrap: wrap; gap: .25rem 2rem; }
.bare:has(blockquote:empty), .said:has(blockquote:empty) { display: none; }
.said { flex: 1 1 18rem; min-width: 0; }
.bears { flex: 2 1 30rem; min-width: 0; }
.verdict { font-weight: 600; white-space: nowrap; }
blockquote { margin: .25rem 0; padding-left: .9rem; border-left: 4px solid var(--line); }
pre { margin: .35rem 0; padding: .6rem; background: var(--card); overflow-x: auto; white-space: pre-wrap; }
.gone { font-style: italic; }
.remark { border-left: 4px solid var(--noted); padding-left: .6rem; margin-bottom: .6rem; }
.added { border: 2px solid var(--inconclusive); border-radius: .4rem; padding: .7rem .9rem; margin: 1rem 0; }
footer { margin-top: 2.5rem; border-top: 1px solid var(--line); font-size: .875rem; }
footer div { display: flex; gap: .75rem; } footer dt { flex: 0 0 8rem; } footer dd { margin: 0; }
@media (max-width: 40rem) {
  .verdicts { width: 100%; } .verdicts .word, .verdicts .checks { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .verdicts thead th span { writing-mode: vertical-rl; transform: rotate(180deg); } .verdicts tbody th, .verdicts tbody td { padding-left: 0; }
  .verdicts td a { min-width: 1.5rem; text-align: center; }
  .finding dl div { display: block; }
}
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  .skip, nav, .copy { display: none; }
  article { border: 1px solid var(--line); }
  article, .row { break-inside: avoid; } h2, h3 { break-after: avoid; }
  details:not([open])::details-content { content-visibility: visible; block-size: auto; }
}
`;
