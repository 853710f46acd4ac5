/** How the annotated page looks: on a screen in light and dark, on a telephone, on paper. Nothing is told by colour alone. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #565e67; --paper: #fff; --card: #f5f6f8; --line: #d3d7dc; --link: #0b57c2;
  --violates: #b3261e; --inconclusive: #7a4b00; --noted: #005a7a; --conforms: #13652f; --not-run: #565e67; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --soft: #a9b1ba; --paper: #16181b; --card: #202327; --line: #3a3f45; --link: #8ab4f8;
    --violates: #ff9d94; --inconclusive: #f2c063; --noted: #7fd0f0; --conforms: #7fd694; --not-run: #a9b1ba; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem clamp(1rem, 4vw, 2.5rem) 3rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
main:focus { outline: none; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: .5rem; padding: .5rem; background: var(--paper); z-index: 1; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
h1 { font-size: 1.7rem; line-height: 1.25; margin: 1rem 0 .5rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .25rem; border-top: 2px solid var(--line); padding-top: 1rem; }
h3 { font-size: 1rem; margin: 0 0 .25rem; font-family: ui-monospace, monospace; }
p { margin: .35rem 0; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
.headline { font-size: 1.15rem; font-weight: 600; }
.headline, .verdict { white-space: normal; }
.verdict { font-weight: 600; white-space: nowrap; }
.violates { color: var(--violates); } .inconclusive { color: var(--inconclusive); } .noted { color: var(--noted); }
.conforms { color: var(--conforms); } .not-run { color: var(--not-run); }
.coverage { border-collapse: collapse; margin: .75rem 0 .25rem; }
.coverage caption { text-align: left; font-weight: 600; white-space: nowrap; }
.coverage th { text-align: left; font-weight: 400; padding: .1rem 1rem .1rem 0; }
.coverage td { padding: .1rem 1rem .1rem 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; list-style: none; }
nav a, .came a { display: inline-block; min-height: 1.5rem; }
ol { list-style: none; padding: 0; margin: 1rem 0 0; }
.row { display: flex; flex-wrap: wrap; gap: .5rem 2rem; padding: .9rem 0; border-bottom: 1px solid var(--line); }
.said { flex: 1 1 18rem; min-width: 0; }
.bears { flex: 2 1 30rem; min-width: 0; }
.place, .level, .rests, .source { color: var(--soft); font-size: .875rem; }
blockquote { margin: .25rem 0; padding-left: .9rem; border-left: 4px solid var(--line); font-size: 1.05rem; }
blockquote:empty { display: none; }
.said:has(blockquote:empty) { flex: 0 0 100%; }
pre { margin: .35rem 0; padding: .6rem; background: var(--card); overflow-x: auto; white-space: pre-wrap; }
.gone { font-style: italic; }
.level { font: 400 .875rem system-ui, sans-serif; }
article { background: var(--card); border-radius: .4rem; padding: .7rem .9rem; margin-bottom: .6rem; scroll-margin-top: 1rem; }
article:target { outline: 3px solid var(--link); }
.came { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; padding: 0; margin: .4rem 0 0; list-style: none; }
.findings { margin: .4rem 0 0; padding-left: 1.2rem; }
.remark { border-left: 4px solid var(--noted); padding-left: .6rem; }
.added { border: 2px solid var(--inconclusive); border-radius: .4rem; padding: .7rem .9rem; margin: 1rem 0; }
.added h3 { font-family: inherit; }
footer { margin-top: 2.5rem; border-top: 2px solid var(--line); }
footer div { display: flex; gap: .75rem; } footer dt { flex: 0 0 8rem; } footer dd { margin: 0; }
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #333; --paper: #fff; --card: #fff; --line: #888; --link: #000;
    --violates: #000; --inconclusive: #000; --noted: #000; --conforms: #000; --not-run: #000; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .skip, nav { display: none; }
  article { border: 1px solid var(--line); }
  article, .row { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .coverage + details:not([open])::details-content { content-visibility: visible; block-size: auto; }
}
`;
