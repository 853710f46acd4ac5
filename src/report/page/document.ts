/** The frame of every page: a single file that loads nothing and runs no script except the one given here. */
import { createHash } from 'node:crypto';
import { icons, palette } from './palette.ts';

export interface Page {
  /** Markup. */
  readonly title: string;
  /** Its sign in a browser's tab. */
  readonly icon: keyof typeof icons;
  readonly style: string;
  readonly script?: string;
  /** Markup. */
  readonly body: string;
}

/** An HTML document that loads nothing and runs no script but this one (its policy names the digest). */
export function standAlone({ title, icon, style, script, body }: Page): string {
  const css = `${palette}${style}`;
  const scripts = script === undefined ? '' : `; script-src '${digestOf(script)}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src '${digestOf(css)}'${scripts}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="icon" href="${iconOf(icon)}">
<style>${css}</style>
</head>
<body>
${body}
${script === undefined ? '' : `<script>${script}</script>\n`}</body>
</html>
`;
}

const digestOf = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

function iconOf(name: Page['icon']): string {
  const { color, path } = icons[name];
  const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><rect width='16' height='16' rx='3' fill='${color}'/><path d='${path}' fill='none' stroke='#fff' stroke-width='2' stroke-linecap='round'/></svg>`;
  return `data:image/svg+xml,${svg.replaceAll('#', '%23').replaceAll('<', '%3C').replaceAll('>', '%3E')}`;
}
