import { pagePath } from '../../article/addresses.ts';
import { escapeHtml } from '../../article/html.ts';
import { wordsFor } from '../../article/interface-words.ts';
import type { CategoryState } from '../archive.ts';
import { categoryPage } from '../layout.ts';
import { siteWords } from '../words/words.ts';
import { asOf, bareList, more, newestList, section } from './lists.ts';
import { noticeList } from './notices.ts';
import { type PageContext, renderSitePage } from './page.ts';

/** How many of the newest articles the front page shows. */
export const FRONT_LENGTH = 20;
/** How many of them with their summaries. */
const TOLD_LENGTH = 8;
/** How many categories have their newest articles on it, those with the most articles first; and how many of each. */
const SHELVES = 12;
const SHELF_LENGTH = 3;
/** How many of the newest corrections it shows. */
const RECENT_CORRECTIONS = 5;

/** The front page of the edition: the newest articles, those of each category, and what was corrected. */
export function renderFrontPage(context: PageContext): string {
  const { publication, archive } = context;
  const { language } = publication;
  const words = wordsFor(language);
  const newest = archive.newest(FRONT_LENGTH);
  const latest = [
    `<h1>${escapeHtml(words.latest)}</h1>`,
    asOf(newest, language) +
      newestList(newest, TOLD_LENGTH, language, ({ id }) => `articles/${pagePath(id)}`),
    more('articles/', words.older),
  ];
  const parts = {
    latest: `<div class="latest">\n${latest.join('\n')}\n</div>`,
    categories: shelves(context),
    corrections: corrections(context),
  };
  const main =
    publication.look?.front?.(parts) ??
    Object.values(parts)
      .filter((part) => part !== '')
      .join('\n');
  return renderSitePage(publication, {
    title: publication.name,
    top: './',
    here: 'front',
    isWide: true,
    main: `${main}\n`,
    feed: publication.name,
  });
}

function shelves({ publication, archive }: PageContext): string {
  const all = archive.categories();
  if (all.length === 0) return '';
  const { categories } = wordsFor(publication.language);
  const shown = all.toSorted((a, b) => b.count - a.count).slice(0, SHELVES);
  const list = shown.map((category) => shelf(category, { publication, archive })).join('\n');
  const rest = all.length > shown.length ? `\n${more('categories/', categories)}` : '';
  return section(categories, `<div class="shelves">\n${list}\n</div>${rest}`, 'by-category');
}

function shelf({ slug, name, count }: CategoryState, { publication, archive }: PageContext): string {
  const heading = `<h3><a href="categories/${categoryPage(slug)}"><bdi>${escapeHtml(name)}</bdi></a> <span class="count">${count}</span></h3>`;
  const newest = archive.newest(SHELF_LENGTH, slug);
  const list = bareList(newest, publication.language, ({ id }) => `articles/${pagePath(id)}`);
  return `<section>\n${heading}\n${list}\n</section>`;
}

function corrections({ publication, archive }: PageContext): string {
  const recent = archive.notices({ limit: RECENT_CORRECTIONS });
  if (recent.length === 0) return '';
  const { language } = publication;
  const list = noticeList(recent, language, ({ id }) => `articles/${pagePath(id)}`);
  const all = more('corrections/', wordsFor(language).corrections);
  return section(siteWords(language).recentCorrections, `${list}\n${all}`, 'recent-corrections');
}
