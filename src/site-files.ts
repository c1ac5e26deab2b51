/**
 * Which pages, feeds and sitemaps may lie where in an edition: asked by the program and by the script of verify.html alike, so that both
 * refuse the same. It imports nothing.
 */

/** Pages, feeds and sitemaps among the folders of a tree of dates. No year, month, day or slug has a dot in it. */
const SITE_FILE = /^(?:[a-z0-9-]{1,80}\.html|feed(?:-[0-2]1)?\.(?:json|atom)|sitemap\.xml)$/;

/** Feeds of a category for thirds of a month. */
const THIRD = /^feed-[0-2]1\.(?:json|atom)$/;

/** A tree of dates: all articles with their pages, or a category, which has its own page and feeds on top. */
export type DatedTree = 'articles' | 'category';

/** The page that belongs to a folder and lies beside it. `index.html` is that of the folder around: no slug ends in `-`. */
export function pageBeside(slug: string): string {
  return `${slug === 'index' ? 'index-' : slug}.html`;
}

/** Whether a name in a tree of dates, or in `categories/`, is that of a page, feed or sitemap, and of no folder. */
export function isSiteFile(name: string): boolean {
  return SITE_FILE.test(name);
}

/** Whether a name among the articles of a day, or among categories, is that of a page that lies beside its folder. */
export function isPageBeside(name: string): boolean {
  return name !== 'index.html' && name.endsWith('.html') && isSiteFile(name);
}

/**
 * Whether a page, feed or sitemap has a place in a tree of dates.
 *
 * @param depth of its folder: 0 for the top, 3 for a day.
 * @param beside every name in its folder.
 */
export function hasPlace(
  name: string,
  tree: DatedTree,
  depth: number,
  beside: { has(name: string): boolean },
): boolean {
  const isArticles = tree === 'articles';
  if (name === 'index.html') return isArticles || depth < 3;
  if (name === 'feed.json' || name === 'feed.atom') return depth === 3 || (depth === 0 && !isArticles);
  if (THIRD.test(name)) return depth === 2 && !isArticles;
  if (name === 'sitemap.xml') return depth === 2 && isArticles;
  const folder = name === pageBeside('index') ? 'index' : name.replace(/\.html$/, '');
  return depth === 3 && isArticles && beside.has(folder) && name === pageBeside(folder);
}
