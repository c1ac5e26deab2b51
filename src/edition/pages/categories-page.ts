import { pagePath } from '../../article/addresses.ts';
import { escapeHtml } from '../../article/html.ts';
import { wordsAttributes, wordsFor } from '../../article/interface-words.ts';
import type { Link } from '../../unixfs/block.ts';
import type { CategoryState } from '../archive.ts';
import { categoryPage } from '../layout.ts';
import { siteWords } from '../words/words.ts';
import { TOLD_LENGTH } from './category-page.ts';
import { asOf, categoryList, LIST_LENGTH, newestList, periodList, section } from './lists.ts';
import { type PageContext, renderSitePage } from './page.ts';

/** `categories/index.html`: all categories. */
export function renderCategoriesPage({ publication, archive }: PageContext): string {
  const { language, name } = publication;
  const { categories } = wordsFor(language);
  const newest = asOf(archive.newest(1), language);
  const list = categoryList(archive.categories(), categoryPage);
  return renderSitePage(publication, {
    title: `${categories} · ${name}`,
    top: '../',
    here: 'categories',
    main: `<h1>${escapeHtml(categories)}</h1>\n${newest}${list}\n`,
  });
}

/** `categories/<category>.html`: a category as a part of the site. Its own folder, beside the page, is what can be kept alone. */
export function renderCategorySitePage(
  { publication, archive }: PageContext,
  { slug, name }: CategoryState,
  folder: Link,
): string {
  const { language } = publication;
  const newest = archive.newest(LIST_LENGTH, slug);
  const main = [
    `<h1>${escapeHtml(name)}</h1>`,
    asOf(newest, language) +
      newestList(newest, TOLD_LENGTH, language, ({ id }) => `../articles/${pagePath(id)}`),
    section(wordsFor(language).archive, periodList(archive.periods('', slug), language, `${slug}/`)),
    keepIt(slug, folder, language),
  ];
  const title = `${name} · ${publication.name}`;
  return renderSitePage(publication, {
    title,
    top: '../',
    folder: `${slug}/`,
    main: `${main.join('\n')}\n`,
    feed: title,
    feedFolder: `${slug}/`,
  });
}

function keepIt(slug: string, { cid }: Link, language: string): string {
  const words = siteWords(language);
  const address = `<p><a href="${slug}/"><code>${cid}</code></a></p>`;
  const text = `<p class="meta"${wordsAttributes(words, language)}>${escapeHtml(words.keepCategory)}</p>`;
  return `<section class="copy">\n<h2>${escapeHtml(words.permanentCopy)}</h2>\n${address}\n${text}\n</section>`;
}
