// What CI services, pull requests and badges are made from.
export { badge } from './badge.ts';
export { annotations } from './github.ts';
export { junit } from './junit.ts';
export { summary } from './summary.ts';
