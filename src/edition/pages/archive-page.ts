import { escapeHtml } from '../../article/html.ts';
import { wordsFor } from '../../article/interface-words.ts';
import { writePeriod } from '../../article/languages.ts';
import { type PageContext, renderSitePage } from './page.ts';
import { depthOf, periodBody } from './periods.ts';

/** One level of the archive of all articles: `''`, `YYYY`, `YYYY/MM` or `YYYY/MM/DD`. */
export function renderArchivePage({ publication, archive }: PageContext, period: string): string {
  const { language, name } = publication;
  const { archive: all, colon } = wordsFor(language);
  const title = period === '' ? all : `${all}${colon}${writePeriod(period, language)}`;
  return renderSitePage(publication, {
    title: `${title} · ${name}`,
    top: '../'.repeat(depthOf(period) + 1),
    ...(period === '' ? { here: 'archive' } : {}),
    main: `${trail(period, language)}<h1>${escapeHtml(title)}</h1>\n${periodBody(publication, archive, period)}\n`,
  });
}

/** The way up: the whole archive, the year, the month. */
function trail(period: string, language: string): string {
  if (period === '') return '';
  const above = period.split('/').map((_, depth, names) => names.slice(0, depth).join('/'));
  const links = above.map((each, depth) => {
    const label = each === '' ? wordsFor(language).archive : writePeriod(each, language);
    return `<a href="${'../'.repeat(above.length - depth)}">${escapeHtml(label)}</a>`;
  });
  return `<p class="meta trail">${links.join(' › ')}</p>\n`;
}
