import { escapeHtml } from '../../article/html.ts';
import { wordsFor } from '../../article/interface-words.ts';
import { writeDate } from '../../article/languages.ts';
import type { Entry } from '../archive.ts';

/** The headline as feed readers list it, browsers name a page by it and others show a link: that an article is retracted must not be missed there. */
export function markedHeadline({ headline, status, inLanguage }: Entry): string {
  return status === 'retracted' ? `${wordsFor(inLanguage).retracted}: ${headline}` : headline;
}

/** What a feed shows of an article that has notices, as HTML: what became of it comes first, as on its page. */
export function noticesHtml({ notices, status, description, inLanguage }: Entry): string {
  const words = wordsFor(inLanguage);
  const retracted = status === 'retracted' ? [`<p><strong>${words.retractedNotice}</strong></p>`] : [];
  const told = notices.map(({ kind, datePublished, text }) => {
    const date = escapeHtml(writeDate(datePublished, inLanguage));
    return `<p><strong>${words.kinds[kind]}</strong> · ${date}: ${escapeHtml(text)}</p>`;
  });
  const summary = description === undefined ? [] : [`<p>${escapeHtml(description)}</p>`];
  return [...retracted, ...told, ...summary].join('\n');
}
