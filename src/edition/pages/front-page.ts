import { escapeHtml } from '../../article/html.ts';
import { wordsFor } from '../../article/interface-words.ts';
import { categoryList, entryList, LIST_LENGTH, more, section } from './lists.ts';
import { type PageContext, renderEditionPage } from './page.ts';

/** The front page of the edition: the newest articles, the categories, and the way to older ones. */
export function renderFrontPage({ publication, archive }: PageContext): string {
  const w = wordsFor(publication.language);
  const newest = archive.newest(LIST_LENGTH);
  const main = [
    `<h1>${escapeHtml(w.latest)}</h1>`,
    entryList(newest, publication.language, (entry) => `articles/${entry.id}/`),
    more('articles/', w.archive),
    section(
      w.categories,
      categoryList(archive.categories(), (slug) => `categories/${slug}/`),
    ),
  ];
  return renderEditionPage(publication, {
    title: publication.name,
    style: 'style.css',
    home: './',
    main: main.join('\n'),
    feed: publication.name,
    check: `<a href="verify.html">${escapeHtml(w.check)}</a>`,
  });
}
