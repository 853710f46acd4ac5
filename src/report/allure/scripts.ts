/** What Allure's page is made to do beside its own program. Each is a script of the page; a proof opens the page and tries them. */

/** Allure scrolls to the first result when it opens. The verdict is above that, so the page stays at its top until the reader touches it. */
const staysAtTop = `{
  const up = ({ target }) => { if (location.hash === '' && target instanceof Element) target.scrollTop = 0; };
  addEventListener('scroll', up, true);
  for (const touch of ['wheel', 'touchstart', 'pointerdown', 'keydown']) {
    addEventListener(touch, () => removeEventListener('scroll', up, true), { capture: true, once: true, passive: true });
  }
}`;

/** Allure shows a description in a frame that may open nothing. Its links open in a new tab, as all others of the page do. */
const opensLinks = `document.addEventListener('load', ({ target }) => {
  if (!(target instanceof HTMLIFrameElement) || target.title !== 'Description') return;
  target.contentDocument?.addEventListener('click', (event) => {
    const link = event.target.closest('a[href]');
    if (link === null || !/^https?:$/.test(link.protocol)) return;
    event.preventDefault();
    open(link.href, '_blank', 'noopener,noreferrer');
  });
}, true);`;

/** Allure's buttons and links that show a picture and no word, and what they do. */
const buttons: Readonly<Record<string, string>> = {
  '[data-testid="toggle-layout-button"]': 'Split or single layout',
  '[data-testid="toggle-layout-button"] ~ button': 'Light or dark',
  'nav[aria-label="Breadcrumbs"] > :first-child button': 'All results',
  '[data-testid="test-result-nav-prev"]': 'Previous result',
  '[data-testid="test-result-nav-next"]': 'Next result',
  '[data-testid="tree-arrow"], [data-testid="test-result-step-arrow-button"], [data-tr-focus-id] > button': 'Open or close',
  '[data-testid$="subtree-toggle"]': 'Open or close all below',
  '[data-testid="test-result-error"] button': 'Copy',
  '[data-testid="test-result-attachment-header"] div > :last-child > button, [data-testid="test-result-attachment-header"] div > :last-child > * > button':
    'Download',
  '[data-testid="test-result-attachment-header"] button': 'Show in full',
  '[data-testid="test-result-prev-status"] a[href]': 'Earlier run',
  '[data-testid="test-result-history-item"] a a[href]': 'Open in a new tab',
};

/** Names them for screen readers. */
const namesButtons = `{
  const names = ${JSON.stringify(buttons)};
  let due = false;
  const name = () => {
    due = false;
    for (const [selector, text] of Object.entries(names)) {
      for (const button of document.querySelectorAll(selector)) {
        if (button.ariaLabel === null && button.textContent.trim() === '') button.ariaLabel = text;
      }
    }
  };
  new MutationObserver(() => {
    if (!due) requestAnimationFrame(name);
    due = true;
  }).observe(document, { childList: true, subtree: true });
}`;

/** Where two texts differ is in one line, and so are long bodies: they may be wider than the window. Keys can scroll them. */
const scrollsByKey = `{
  const lines = '[data-testid="test-result-step-content"] [data-testid="metadata-item-value"] *, [data-testid="code-attachment-content"]';
  const scroll = () => {
    for (const line of document.querySelectorAll(lines)) if (line.scrollWidth > line.clientWidth && line.clientWidth > 0) line.tabIndex = 0;
  };
  new MutationObserver(scroll).observe(document, { childList: true, subtree: true });
  addEventListener('resize', scroll);
}`;

/** Off a site the links to earlier runs would be dead: they become text. */
export const cutsLinks = `new MutationObserver(() => {
  for (const item of ['history-item', 'prev-status'])
    for (const link of document.querySelectorAll('[data-testid="test-result-' + item + '"] a[href]')) link.removeAttribute('href');
}).observe(document, { childList: true, subtree: true });`;

export const scripts: readonly string[] = [staysAtTop, opensLinks, namesButtons, scrollsByKey];
