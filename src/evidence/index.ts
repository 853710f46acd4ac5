// One request and what came of it, as plain data without a secret; it weighs nothing, so that whoever only judges need not load what sends.
export { type Exchange, headerOf, lengthOf, type Response, type Silence, type SilenceCause } from './exchange.ts';
