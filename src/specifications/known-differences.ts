/** `known-differences.yaml`: its form, and that it speaks of requirements that there are. */
import { requirementIds } from './load.ts';
import type { Problem } from './problem.ts';
import { fitting } from './schema.ts';
import { Source } from './source.ts';

interface Entry {
  readonly requirement: string;
  readonly product?: string;
  readonly expires: string;
}

/** What the file holds, in its order; `file` is named in the SpecError that is thrown for what is wrong in the text. */
export function parseKnownDifferences(text: string, file: string): readonly unknown[] {
  if (text.trim() === '') return [];
  const source = new Source(text, file);
  const entries = fitting<readonly Entry[]>(source, 'known-differences');
  const problems = entries.flatMap((entry, index) => [...unknownRequirement(entry, index), ...noDate(entry, index)]);
  if (problems.length > 0) throw source.error(problems);
  return entries;
}

function unknownRequirement({ requirement }: Entry, index: number): Problem[] {
  const ids = requirementIds();
  if (ids.includes(requirement)) return [];
  const likeness = (id: string): number => [...id].filter((_, index) => requirement.startsWith(id.slice(0, index + 1))).length;
  const near = [...ids].sort((one, other) => likeness(other) - likeness(one))[0];
  return [{ path: [index, 'requirement'], text: `no requirement is called "${requirement}". Write: requirement: ${near}` }];
}

function noDate({ expires }: Entry, index: number): Problem[] {
  const date = new Date(`${expires}T00:00:00Z`);
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(expires)) return [];
  return [{ path: [index, 'expires'], text: `"${expires}" is no date. Write it as: expires: ${new Date().toISOString().slice(0, 10)}` }];
}
