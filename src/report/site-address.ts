/**
 * Addresses between the runs of a site. A run may have been removed, so its address leads to the page that lists all runs: that opens the
 * run's Allure report at the result, or says that the run is no longer there.
 */

/** From a page two folders below the run's own, `allure/index.html`. `folder`: of the run; `anchor`: of the result in its Allure report. */
export const addressFromRun = (folder: string, anchor: string): string => `../../../index.html#run=${folder}&result=${anchor}`;

/** For the page that lists all runs. There an item has the folder of its run as its id. */
export const opensRun = `
const wanted = new URLSearchParams(location.hash.slice(1));
if (wanted.has('run')) {
  const report = document.getElementById(wanted.get('run'))?.querySelector('a[href$="/allure/index.html"]');
  if (report) location.replace(report.href + '#' + wanted.get('result'));
  else document.querySelector('.gone').hidden = false;
}
`;

/** What an Allure report has only as long as it is on no site: there its links to other runs would be dead. */
export const onlyOffSite = { begin: '<!--off-site-->', end: '<!--/off-site-->' } as const;

/** The report as it is on a site. */
export function onSite(page: string): string {
  const [begin, end] = [page.indexOf(onlyOffSite.begin), page.indexOf(onlyOffSite.end)];
  return begin < 0 || end < begin ? page : page.slice(0, begin) + page.slice(end + onlyOffSite.end.length);
}
