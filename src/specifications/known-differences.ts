/** Validates `known-differences.yaml`: its form, its requirement ids and its dates. */
import { requirementIds } from './load.ts';
import type { Problem } from './problem.ts';
import { validated } from './schema.ts';
import { Source } from './source.ts';

interface Entry {
  readonly requirement: string;
  readonly product?: string;
  readonly expires: string;
}

/** The file's entries, in its order. @param file Named in error messages. @throws SpecError with every mistake in the text. */
export function parseKnownDifferences(text: string, file: string): readonly unknown[] {
  if (text.trim() === '') return [];
  const source = new Source(text, file);
  const entries = validated<readonly Entry[]>(source, 'known-differences');
  const problems = entries.flatMap((entry, index) => [...unknownRequirement(entry, index), ...noDate(entry, index)]);
  if (problems.length > 0) throw source.error(problems);
  return entries;
}

function unknownRequirement({ requirement }: Entry, index: number): Problem[] {
  const ids = requirementIds();
  if (ids.includes(requirement)) return [];
  const likeness = (id: string): number => [...id].filter((_, index) => requirement.startsWith(id.slice(0, index + 1))).length;
  const near = [...ids].sort((one, other) => likeness(other) - likeness(one))[0];
  return [{ path: [index, 'requirement'], text: `there is no requirement "${requirement}". Did you mean: requirement: ${near}?` }];
}

function noDate({ expires }: Entry, index: number): Problem[] {
  const date = new Date(`${expires}T00:00:00Z`);
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(expires)) return [];
  return [{ path: [index, 'expires'], text: `"${expires}" is not a date. Write it as: expires: ${new Date().toISOString().slice(0, 10)}` }];
}
