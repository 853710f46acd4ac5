/** A page of Allure that loads nothing, from anywhere, and runs nothing but its own scripts. */
import { randomBytes } from 'node:crypto';
import { onlyOffSite } from '../site-address.ts';
import { cutsLinks, scripts } from './scripts.ts';
import { styleOf } from './style.ts';

/** Allure's template has a tracking script that no option turns off (allure3#476). A proof tells when it has gone. */
const tracking = /<script async src="https:\/\/www\.googletagmanager\.com\/[^>]*><\/script>\s*<script>.*?<\/script>/s;

/** The program of the page. As a data URL it is a third larger and takes a browser twice as long to open. */
const program = /<script\s+src="data:text\/javascript;base64,([^"]*)"><\/script>/;

/** Stands for it while the rest of the page is changed. */
const programHere = '<!--program-->';

const inlineScript = /<script(?![^>]*\ssrc=)/g;

const charset = '<meta charset="utf-8">';

/** Where Allure's program puts what it shows. */
const content = '<div id="app"></div>';

const heading = /<title>([^<]*)<\/title>/;

/**
 * A script must carry the number, which is drawn anew for each page, so nothing that a host answered can be one, and only what stands
 * in the page gets it: a script from elsewhere would not run. Styles stand in the page too; its pictures and fonts are data URLs.
 */
const policy = (number: string): string =>
  [
    "default-src 'none'",
    `script-src 'nonce-${number}'`,
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    'font-src data:',
    'connect-src data: blob:',
    'frame-src blob:',
    "form-action 'none'",
  ].join('; ');

/** `hasHistory`: the page shows earlier runs. */
export function sealed(page: string, { hasHistory }: { readonly hasHistory: boolean }): string {
  const title = heading.exec(page)?.[1]?.trim();
  if (title === undefined || !page.includes(charset) || !page.includes(content))
    throw new Error('Allure has changed its template: there is no place for the policy, the title or the heading.');
  const number = randomBytes(16).toString('base64');
  const head = [
    charset,
    `<meta http-equiv="Content-Security-Policy" content="${policy(number)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    ...scripts.map((script) => `<script>${script}</script>`),
    ...(hasHistory ? [`${onlyOffSite.begin}<script>${cutsLinks}</script>${onlyOffSite.end}`] : []),
    `<style>${styleOf({ hasHistory })}</style>`,
  ].join('\n    ');
  // Nearly all of the page, and nothing of it is changed, so it is put in last: each replacement copies what it works on.
  const code = program.exec(page)?.[1] ?? '';
  return (
    page
      .replace(program, programHere)
      .replace(tracking, '')
      .replace(charset, head)
      // A function, since a title may hold what `replace` takes for a pattern.
      .replace(heading, () => `<title>${title.replace('\n', ' – ')}</title>`)
      // Allure's overview has no heading of the first level, and nothing of it is in a landmark.
      .replace(content, () => `<main><h1>${title}</h1>${content}</main>`)
      .replaceAll(inlineScript, `<script nonce="${number}"`)
      .replace(programHere, () => `<script nonce="${number}">${inline(code)}</script>`)
  );
}

/** What would end a script element, or begin a comment in it, is written so that it means the same to a program and nothing to HTML. */
const inline = (code: string): string =>
  Buffer.from(code, 'base64')
    .toString('utf8')
    .replaceAll(/<(?=\/script|!--)/gi, '\\x3c');
