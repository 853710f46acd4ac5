// What is tested, by the environment: hosts, keys, limits. Read once, and refused in one sentence where it cannot be meant.
export {
  type Configuration,
  keyProblem,
  keysIn,
  type ProductTarget,
  readConfiguration,
  secretNames,
  settings,
  urlVariables,
} from './configuration.ts';
export { readEnvironment } from './environment.ts';
export { UsageError } from './usage.ts';
