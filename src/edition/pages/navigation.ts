import { escapeHtml } from '../../article/html.ts';
import { wordsAttributes, wordsFor } from '../../article/interface-words.ts';
import { siteWords } from '../words/words.ts';

/** The places of an edition that every page of it leads to. */
const PLACES = ['front', 'categories', 'archive', 'search', 'corrections', 'about'] as const;
export type Place = (typeof PLACES)[number];

/** Where the places are below the edition's root. */
const PATHS: Record<Exclude<Place, 'front'>, string> = {
  categories: 'categories/',
  archive: 'articles/',
  search: 'search.html',
  corrections: 'corrections/',
  about: 'about.html',
};

/**
 * The navigation of a page of the edition, in the outlet's language. It is the same wherever it stands and whatever is published,
 * so that no page has to be made anew for it.
 *
 * @param top way from the page to the edition's root, with a slash at its end.
 * @param pageLanguage the page's own, where it is not the outlet's.
 */
export function navigation(
  top: string,
  here: Place | undefined,
  language: string,
  pageLanguage = language,
): string {
  const key = [top, here, language, pageLanguage].join(' ');
  const known = written.get(key);
  if (known !== undefined) return known;
  const html = write(top, here, language, pageLanguage);
  if (written.size < MOST_WRITTEN) written.set(key, html);
  return html;
}

/** Thousands of pages of an edition have the same one. */
const written = new Map<string, string>();
const MOST_WRITTEN = 256;

function write(top: string, here: Place | undefined, language: string, pageLanguage: string): string {
  const words = wordsFor(language);
  const {
    about,
    navigation: label,
    search: { title: search },
  } = siteWords(language);
  const { frontPage: front, categories, archive, corrections } = words;
  const labels: Record<Place, string> = { front, categories, archive, search, corrections, about };
  const items = PLACES.map((place) => {
    const href = place === 'front' ? top : below(top) + PATHS[place];
    const current = place === here ? ' aria-current="page"' : '';
    return `<li><a href="${href}"${current}>${escapeHtml(labels[place])}</a></li>`;
  });
  const attributes = wordsAttributes(words, pageLanguage);
  return `<nav class="site" aria-label="${escapeHtml(label)}"${attributes}>\n<ul>\n${items.join('\n')}\n</ul>\n</nav>`;
}

/** What stands before the path of something below a folder. */
export function below(top: string): string {
  return top === './' ? '' : top;
}
