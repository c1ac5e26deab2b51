import { pageBeside } from '../site-files.ts';

export { type DatedTree, hasPlace, isPageBeside, isSiteFile } from '../site-files.ts';

/** Where things are in an edition (design, "Edition"). Every path is a list of names below the root. */

/** `manifests/<n div 10000>/<n div 100>/<n>.json`: no directory of it grows beyond a hundred entries until sequence 1,000,000. */
export function manifestPath(sequence: number): string[] {
  return [String(Math.floor(sequence / 10_000)), String(Math.floor(sequence / 100)), `${sequence}.json`];
}

/** Path of an article's newest revision below `articles/` or below a category. */
export function articlePath(id: string): string[] {
  return id.split('/');
}

/** Where the page of a category is below `categories/`, beside its folder. */
export function categoryPage(slug: string): string {
  return pageBeside(slug);
}

/** Path of an earlier revision below `revisions/`. */
export function revisionPath(id: string, revision: number): string[] {
  return [...id.split('/'), String(revision)];
}

/** Every file that the root of an edition may hold, its manifest aside. */
export const ROOT_FILES: readonly string[] = [
  '404.html',
  '_redirects',
  'about.html',
  'feed.atom',
  'feed.json',
  'id.svg',
  'index.html',
  'search.css',
  'search.html',
  'search.js',
  'sitemap.xml',
  'style.css',
  'trust.txt',
  'verify.css',
  'verify.html',
  'verify.js',
];

/** Where the themes lie that bundles and pages were made by, each under its CID. */
export const THEMES = 'themes';

/** Periods of the archive that an article is listed in: `''`, `YYYY`, `YYYY/MM`, `YYYY/MM/DD`. */
export function periodsOf(id: string): [all: string, year: string, month: string, day: string] {
  return ['', id.slice(0, 4), id.slice(0, 7), id.slice(0, 10)];
}
