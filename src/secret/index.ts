// Keeps keys from getting out: the type that cannot be printed, search and masking by value, the folder a run writes to and the gate before it is published.
export { archiveDepth, largestMember, mostUnpacked } from './archive.ts';
export { type Canaries, plantCanaries } from './canaries.ts';
export { type CommandEnd, runCommand } from './command.ts';
export { type Span, shortestRun } from './forms.ts';
export { describeSearch, largestFile, type Place, type Search, searchFolder } from './gate.ts';
export { createMasker, type LineMasker, longestLine, type Mask, mark, maskLines, occursIn } from './masker.ts';
export { publishedFiles } from './publication.ts';
export { createSearcher, encodingDepth, type Searcher } from './searcher.ts';
export { handedOver, keyedHash, Secret } from './secret.ts';
export { openStaging, type Staging } from './staging.ts';
export { StagingError } from './staging-error.ts';
export { createVault, type Vault } from './vault.ts';
