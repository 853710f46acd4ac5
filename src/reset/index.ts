// The life of a key: what was asked while it was reset and taken over, and the pure judge of it.
export { type Answered, answerIn, type HandResult, judgeByHand } from './by-hand.ts';
export { chart } from './chart.ts';
export { CommandFailed, loginBy, resetBy } from './commands.ts';
export { judgeLife, type LifeRequirement, lifeRequirements, refusalsIn } from './judge.ts';
export { expected, type KeyIndex, keyLabel, type Life, type Moment, type Narrowed, neverIssuedKey, type Probe } from './life.ts';
export { inWords, type Timeline, timelineOf } from './timeline.ts';
