/** A page of Allure that loads nothing, from anywhere, and runs nothing but its own scripts. */
import { randomBytes } from 'node:crypto';

/** Allure's template has a tracking script that no option turns off (allure3#476). A proof tells when it has gone. */
const tracking = /<script async src="https:\/\/www\.googletagmanager\.com\/[^>]*><\/script>\s*<script>.*?<\/script>/s;

/** The program of the page. As a data URL it is a third larger and takes a browser twice as long to open. */
const program = /<script\s+src="data:text\/javascript;base64,([^"]*)"><\/script>/;

const inlineScript = /<script(?![^>]*\ssrc=)/g;

const charset = '<meta charset="utf-8">';

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

/** Allure scrolls to the first result when it opens. The verdict stands above that: until somebody touches the page, it stays at its top. */
const staysAtTop = `<script>{
  const up = ({ target }) => { if (location.hash === '' && target instanceof Element) target.scrollTop = 0; };
  addEventListener('scroll', up, true);
  for (const touch of ['wheel', 'touchstart', 'pointerdown', 'keydown']) {
    addEventListener(touch, () => removeEventListener('scroll', up, true), { capture: true, once: true, passive: true });
  }
}</script>`;

/** Allure cuts what stands in the overview off at some twenty characters, and leaves long words, and telephones, no room. */
const style = `<style>
  [data-testid="metadata-list"] { grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)) !important; }
  [data-testid="metadata-item"] { grid-template-columns: fit-content(60%) minmax(0, 1fr) !important; column-gap: 1rem !important; align-items: start; }
  [data-testid="metadata-item-key"], [data-testid="metadata-item-value"] * { white-space: normal !important; overflow-wrap: anywhere; max-width: none !important; }
  [class*="http-attachment__summary"] { display: flex !important; flex-wrap: wrap; }
  [class*="http-attachment__summary"] > * { white-space: normal !important; overflow-wrap: anywhere; }
  @media (max-width: 600px) {
    [data-testid="metadata-item"] { grid-template-columns: minmax(0, 1fr) !important; row-gap: 0 !important; }
    [data-testid="test-result-step-header"], [data-testid="test-result-attachment-header"] { flex-wrap: wrap; }
    [data-testid="test-result-step-title"], [data-testid="test-result-attachment-header"] > :nth-child(4) { flex: 1 0 60%; }
  }
</style>`;

export function sealed(page: string): string {
  if (!page.includes(charset)) throw new Error('Allure has changed its template: there is no place for the policy.');
  const number = randomBytes(16).toString('base64');
  const head = [
    charset,
    `<meta http-equiv="Content-Security-Policy" content="${policy(number)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    staysAtTop,
    style,
  ].join('\n    ');
  return page
    .replace(tracking, '')
    .replace(charset, head)
    .replaceAll(inlineScript, `<script nonce="${number}"`)
    .replace(program, (_script, code: string) => `<script nonce="${number}">${inline(code)}</script>`);
}

/** What would end a script element, or begin a comment in it, is written so that it means the same to a program and nothing to HTML. */
const inline = (code: string): string =>
  Buffer.from(code, 'base64')
    .toString('utf8')
    .replaceAll(/<(?=\/script|!--)/gi, '\\x3c');
