// The differences that a team knows of and lives with for now: read from its file, found in a run, and told when they no longer hold.
export { type Came, type Due, dueIn, isKnown, type KnownDifference } from './known.ts';
export { readKnownDifferences } from './read.ts';
