// The words a result is told in: the finding of a check, the verdict of a requirement and of a run, and how small folds into large.
export { type Level, type RunVerdict, runVerdict, worst } from './aggregate.ts';
export { alike } from './alike.ts';
export { type Cause, causeAnchor, causes, isCause } from './causes.ts';
export {
  type Check,
  type Checked,
  conforms,
  inconclusive,
  type Judgement,
  letIn,
  noted,
  type Verdict,
  verdictOf,
  verdicts,
  violates,
} from './check.ts';
export { grouped } from './grouped.ts';
