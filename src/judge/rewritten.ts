/** Whether an answer differs from the documented one in white space or letter case alone, as a container makes it that writes answers anew. */

export type Ignored = 'white space' | 'white space and letter case';

/** What a finding says of it, as the rest of a sentence; undefined where something else differs. */
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
  return `${what}; a container (the web server or framework under the application) may have rewritten it`;
}

const withoutBlanks = (text: string): string => text.replaceAll(/[\t\n\r ]/g, '');
