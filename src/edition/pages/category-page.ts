import type { Category } from '../../article/document.ts';
import { escapeHtml } from '../../article/html.ts';
import { wordsFor } from '../../article/interface-words.ts';
import { writePeriod } from '../../article/languages.ts';
import { asOf, LIST_LENGTH, newestList, periodList, section } from './lists.ts';
import { type PageContext, renderCategoryInnerPage } from './page.ts';
import { depthOf, periodBody } from './periods.ts';

/** How many of the newest articles a category tells with their summaries. */
export const TOLD_LENGTH = 5;

/** A category's own page. It and what lies below it link only inside the category, which may be seen alone. */
export function renderCategoryPage({ publication, archive }: PageContext, category: Category): string {
  const { language } = publication;
  const newest = archive.newest(LIST_LENGTH, category.slug);
  const main = [
    `<h1>${escapeHtml(category.name)}</h1>`,
    asOf(newest, language) + newestList(newest, TOLD_LENGTH, language, (entry) => `${entry.id}/`),
    section(wordsFor(language).archive, periodList(archive.periods('', category.slug), language)),
  ];
  const title = `${category.name} · ${publication.name}`;
  return renderCategoryInnerPage(publication, {
    title,
    top: './',
    main: `${main.join('\n')}\n`,
    feed: title,
  });
}

/** One year or month of a category. */
export function renderCategoryArchivePage(context: PageContext, category: Category, period: string): string {
  const { publication, archive } = context;
  const { language } = publication;
  const title = `${category.name}${wordsFor(language).colon}${writePeriod(period, language)}`;
  return renderCategoryInnerPage(publication, {
    title: `${title} · ${publication.name}`,
    top: '../'.repeat(depthOf(period)),
    main: `<h1>${escapeHtml(title)}</h1>\n${periodBody(publication, archive, period, category.slug)}\n`,
  });
}
