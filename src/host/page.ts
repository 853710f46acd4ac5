/** The account settings as a page: plain HTML that has no scripts and loads nothing. */
import { createHash } from 'node:crypto';
import type { ProductId, ProductSpec } from '../specifications/model.ts';
import { type Account, keyAt } from './account.ts';

export interface AccountPageOptions {
  readonly account: Account;
  /** Path of the page; its forms post to paths below it. */
  readonly base: string;
  readonly products: Readonly<Record<ProductId, ProductSpec>>;
  /** Shows the key instead of dots. */
  readonly revealed: boolean;
}

/** HTML. The key is in it only if it is `revealed`. */
export function accountPage({ account, base, products, revealed }: AccountPageOptions): string {
  const specs = Object.values(products);
  const waiting = specs.filter(({ id }) => keyAt(account, id) !== account.key).map(({ title }) => escaped(title));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Account settings of the embedded host</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Account settings</h1>
<p>The embedded host stands in for ActiveProspect ID. Nothing you do here affects a real account.</p>
<h2>API key</h2>
<p>Key: <code>${revealed ? account.key : masked(account.key)}</code></p>
<div class="buttons">
${revealed ? button(base, 'Hide the key', undefined, 'get') : button(`${base}/reveal`, 'Show the key')}
${button(`${base}/reset`, 'Reset the key')}
</div>
<h2>Products</h2>
<p role="status">${waiting.length === 0 ? 'Every product accepts this key.' : `Not logged in to since the reset: ${waiting.join(', ')}.`}</p>
<table>
<caption>Which key each product accepts</caption>
<thead><tr><th scope="col">Product</th><th scope="col">Key</th><th scope="col">Login</th></tr></thead>
<tbody>
${specs.map((each) => row(each, account, base)).join('\n')}
</tbody>
</table>
</main>
</body>
</html>
`;
}

function row({ id, title }: ProductSpec, account: Account, base: string): string {
  const key = keyAt(account, id) === account.key ? 'this key' : 'the old key';
  return `<tr><th scope="row">${escaped(title)}</th><td>${key}</td><td>${button(`${base}/logins/${id}`, 'Log in', `Log in to ${title}`)}</td></tr>`;
}

/** A form with one button. `name` is what a screen reader says, for a label that makes sense only in its row. */
const button = (action: string, label: string, name = label, method = 'post'): string =>
  `<form method="${method}" action="${escaped(action)}"><button aria-label="${escaped(name)}">${escaped(label)}</button></form>`;

/** The last four characters are enough to tell keys apart. */
const masked = (key: string): string => '•'.repeat(8) + key.slice(-4);

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (each) => entities[each] ?? each);

const style = `
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; }
main { max-width: 42rem; margin: 0 auto; padding: 1rem; }
code { overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding-bottom: .5rem; }
th, td { border-top: 1px solid; padding: .5rem .5rem .5rem 0; text-align: left; }
button { font: inherit; padding: .4rem .8rem; }
.buttons { display: flex; flex-wrap: wrap; gap: .5rem; }
`;

/** Allow only this page's own style and forms; no framing, no caching. */
export const pageHeaders: readonly (readonly [name: string, value: string])[] = [
  [
    'Content-Security-Policy',
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
  ],
  ['Cache-Control', 'no-store'],
  ['Referrer-Policy', 'same-origin'],
  ['X-Content-Type-Options', 'nosniff'],
];
