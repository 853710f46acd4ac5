/** How the finding of a result is repeated: lines for a shell, in Markdown. */
import type { Result } from '../../judge/check.ts';
import { groupsOf } from '../findings.ts';
import type { Conformance, Run } from '../model.ts';
import { callOf, replayLines, replayMeanings } from '../replay.ts';

/** Paragraphs; none where nothing was found. Of several findings the worst is repeated. */
export function repetition(result: Result, run: Run, conformance: Conformance): readonly string[] {
  const alone = { ...run, results: [result] };
  const [group] = (['violates', 'inconclusive'] as const).flatMap((verdict) => groupsOf(alone, conformance, [verdict]));
  if (group === undefined) return [];
  const call = callOf(group, alone);
  return [
    ...replayLines(group, alone).flatMap(({ kind, line, warning }) => [
      `**${replayMeanings[kind]}**.${warning === undefined ? '' : ` ${warning}`}`,
      shell(line),
    ]),
    ...(call === undefined ? [] : ['**The call itself**.', shell(call)]),
  ];
}

const shell = (line: string): string => `\`\`\`sh\n${line}\n\`\`\``;
