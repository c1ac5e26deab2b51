import { escapeHtml } from '../../article/html.ts';
import { wordsFor } from '../../article/interface-words.ts';
import { writePeriod } from '../../article/languages.ts';
import { type PageContext, renderSitePage } from './page.ts';
import { depthOf, periodBody } from './periods.ts';

/** One level of the archive of all articles: `''`, `YYYY`, `YYYY/MM` or `YYYY/MM/DD`. */
export function renderArchivePage({ publication, archive }: PageContext, period: string): string {
  const { language, name } = publication;
  const title = `${wordsFor(language).archive}${period === '' ? '' : `: ${writePeriod(period, language)}`}`;
  return renderSitePage(publication, {
    title: `${title} · ${name}`,
    top: '../'.repeat(depthOf(period) + 1),
    ...(period === '' ? { here: 'archive' } : {}),
    main: `<h1>${escapeHtml(title)}</h1>\n${periodBody(publication, archive, period)}\n`,
  });
}
