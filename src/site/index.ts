// A folder of runs that can be served as a web site: each with its reports, and a page that lists them.
export { type Listed, sitePage } from './page.ts';
export { addRun, type SiteOptions } from './runs.ts';
