import type { Category } from '../../article/document.ts';
import { escapeHtml } from '../../article/html.ts';
import { wordsFor } from '../../article/interface-words.ts';
import { writePeriod } from '../../article/languages.ts';
import { entryList, LIST_LENGTH, periodList, section } from './lists.ts';
import { type PageContext, renderEditionPage } from './page.ts';
import { depthOf, periodBody } from './periods.ts';

/** The page of a category. It and what lies below it link only inside the category, which may be seen alone. */
export function renderCategoryPage({ publication, archive }: PageContext, category: Category): string {
  const w = wordsFor(publication.language);
  const newest = archive.newest(LIST_LENGTH, category.slug);
  const main = [
    `<h1>${escapeHtml(category.name)}</h1>`,
    entryList(newest, publication.language, (entry) => `${entry.id}/`),
    section(w.archive, periodList(archive.periods('', category.slug), publication.language)),
  ];
  const title = `${category.name} · ${publication.name}`;
  return renderEditionPage(publication, {
    title,
    style: 'style.css',
    home: './',
    main: main.join('\n'),
    feed: title,
  });
}

/** One year or month of a category. */
export function renderCategoryArchivePage(context: PageContext, category: Category, period: string): string {
  const { publication, archive } = context;
  const up = '../'.repeat(depthOf(period));
  const title = `${category.name}: ${writePeriod(period, publication.language)}`;
  const main = `<h1>${escapeHtml(title)}</h1>\n${periodBody(publication, archive, period, category.slug)}`;
  return renderEditionPage(publication, {
    title: `${title} · ${publication.name}`,
    style: `${up}style.css`,
    home: up,
    main,
  });
}
