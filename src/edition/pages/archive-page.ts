import { escapeHtml } from '../../article/html.ts';
import { wordsFor } from '../../article/interface-words.ts';
import { writePeriod } from '../../article/languages.ts';
import { type PageContext, renderEditionPage } from './page.ts';
import { depthOf, periodBody } from './periods.ts';

/** One level of the archive of all articles: `''`, `YYYY`, `YYYY/MM` or `YYYY/MM/DD`. */
export function renderArchivePage({ publication, archive }: PageContext, period: string): string {
  const up = '../'.repeat(depthOf(period) + 1);
  const title = `${wordsFor(publication.language).archive}${period === '' ? '' : `: ${writePeriod(period, publication.language)}`}`;
  const main = `<h1>${escapeHtml(title)}</h1>\n${periodBody(publication, archive, period)}`;
  return renderEditionPage(publication, {
    title: `${title} · ${publication.name}`,
    style: `${up}style.css`,
    home: up,
    main,
  });
}
