// What is asked of a product and what came: calls as data, answers classified, the asking with its second tries, pace and count.
export { type Asker, type AskerOptions, createAsker, type How, type PinnedAsker, type Tally } from './asker.ts';
export { type Call, type Credentials, joined, queryOf, type Segment, segmentsOf, type Trial } from './call.ts';
export { base64, basic, header, type Named, named, none, readsAsPair, word } from './credentials.ts';
export { type Answered, classify, isChallenge, isLetIn, type Outcome, settle } from './outcome.ts';
export { createPace, type Pace } from './pace.ts';
