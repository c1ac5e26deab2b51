import { categoryPage } from './layout.ts';

/** What is not there is answered with 404.html, at the address that was asked for. */
const NOT_FOUND = '/* /404.html 404\n';

/**
 * Former slugs of all categories together. Gateways answer an error in place of a file above 64 KiB (Web _redirects File Specification);
 * so many of the longest slugs stay below.
 */
export const MOST_FORMER_SLUGS = 128;

/** A category by the slug that it had before. */
export interface MovedCategory {
  from: string;
  to: string;
}

/**
 * `_redirects` (Web _redirects File Specification): addresses of categories under their former slugs lead to the same place under the
 * present one, unless something is there; whatever is not there is answered with 404.html.
 *
 * @param moved in any order
 * @param present slugs of the edition's categories: nothing is said of others, whose articles may all be held back
 */
export function writeRedirects(
  moved: readonly MovedCategory[],
  present: { has(slug: string): boolean },
): string {
  const lines = moved
    .filter(({ to }) => present.has(to))
    .sort((a, b) => (a.from < b.from ? -1 : 1))
    .flatMap(({ from, to }) => [
      `/categories/${categoryPage(from)} /categories/${categoryPage(to)} 301\n`,
      `/categories/${from}/* /categories/${to}/:splat 301\n`,
    ]);
  return lines.join('') + NOT_FOUND;
}
