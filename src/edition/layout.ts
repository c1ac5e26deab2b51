import { pageBeside } from '../article/addresses.ts';

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

/** Pages, feeds and sitemaps among the folders of a tree of dates. No year, month, day or slug has a dot in it. */
const SITE_FILE = /^(?:[a-z0-9-]{1,80}\.html|feed\.(?:json|atom)|sitemap\.xml)$/;

/** Whether a name in a tree of dates, or in `categories/`, is that of a page, feed or sitemap, and of no folder. */
export function isSiteFile(name: string): boolean {
  return SITE_FILE.test(name);
}

/** A tree of dates: all articles with their pages, or a category, which has its own page and feeds on top. */
export type DatedTree = 'articles' | 'category';

/**
 * Whether a page, feed or sitemap has a place in a tree of dates.
 *
 * @param depth of its folder: 0 for the top, 3 for a day.
 * @param beside every name in its folder.
 */
export function hasPlace(name: string, tree: DatedTree, depth: number, beside: ReadonlySet<string>): boolean {
  const isArticles = tree === 'articles';
  if (name === 'index.html') return isArticles || depth < 3;
  if (name === 'feed.json' || name === 'feed.atom') return depth === 3 || (depth === 0 && !isArticles);
  if (name === 'sitemap.xml') return depth === 2 && isArticles;
  const folder = name === pageBeside('index') ? 'index' : name.replace(/\.html$/, '');
  return depth === 3 && isArticles && beside.has(folder) && name === pageBeside(folder);
}

/** Whether a name among the articles of a day, or among categories, is that of a page that lies beside its folder. */
export function isPageBeside(name: string): boolean {
  return name !== 'index.html' && name.endsWith('.html') && isSiteFile(name);
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
