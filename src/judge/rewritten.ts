/** Whether an answer differs from the documented one only in white space or letter case, which a web server or framework may have changed. */

export type Ignored = 'white space' | 'white space and letter case';

/** The end of a finding's message; undefined if anything else differs. */
export function rewritten(documented: string, actual: string, ignored: Ignored): string | undefined {
  const isCase = ignored === 'white space and letter case';
  const [wanted, got] = [documented, actual].map((text) => (isCase ? text.toLowerCase() : text)) as [string, string];
  if (withoutBlanks(wanted) !== withoutBlanks(got)) return undefined;
  const caseDiffers = isCase && withoutBlanks(documented) !== withoutBlanks(actual);
  const what = !caseDiffers
    ? 'only white space differs'
    : wanted === got
      ? 'only letter case differs'
      : 'only white space and letter case differ';
  return `${what}; the web server or framework under the application may have changed it`;
}

const withoutBlanks = (text: string): string => text.replaceAll(/[\t\n\r ]/g, '');
