import { pagePath } from '../../article/addresses.ts';
import { escapeHtml } from '../../article/html.ts';
import { fill, wordsAttributes, wordsFor } from '../../article/interface-words.ts';
import { writePeriod } from '../../article/languages.ts';
import type { Noticed } from '../archive.ts';
import { siteWords } from '../words/words.ts';
import { asOf, periodList, section } from './lists.ts';
import { noticeList } from './notices.ts';
import { type PageContext, renderSitePage } from './page.ts';

/** How many of the newest notices the first page of corrections has; those of a year are all on its page, or on those of its months. */
const NEWEST_NOTICES = 20;

const article = ({ id }: { id: string }): string => `../articles/${pagePath(id)}`;

/** `corrections/index.html`: the newest notices, and the years. */
export function renderCorrectionsPage({ publication, archive }: PageContext): string {
  const { language, name } = publication;
  const { corrections, archive: older } = wordsFor(language);
  const words = siteWords(language);
  const newest = archive.notices({ limit: NEWEST_NOTICES });
  const years = archive.noticeYears().map(({ year, count }) => ({ period: year, count }));
  const body =
    newest.length === 0
      ? `<p${wordsAttributes(words, language)}>${escapeHtml(words.noCorrections)}</p>`
      : `${noticeList(newest, language, article)}\n${section(older, periodList(years, language, '', '.html'))}`;
  const of = asOf(
    newest.map(({ entry }) => entry),
    language,
  );
  return renderSitePage(publication, {
    title: `${corrections} · ${name}`,
    top: '../',
    here: 'corrections',
    main: `<h1>${escapeHtml(corrections)}</h1>\n${of}${body}\n`,
  });
}

/** `corrections/YYYY.html`: every notice that is dated in a year. */
export function renderCorrectionsOfYear(
  context: PageContext,
  year: string,
  noticed: readonly Noticed[],
): string {
  const { language } = context.publication;
  const title = fill(siteWords(language).correctionsOf, { year });
  return renderPeriod(context, title, noticed, noticeList(noticed, language, article));
}

/** `corrections/YYYY.html` of a year with many notices: its months, the newest first. */
export function renderCorrectionsByMonth(
  context: PageContext,
  year: string,
  noticed: readonly Noticed[],
  months: readonly { period: string; count: number }[],
): string {
  const { language } = context.publication;
  const periods = months.map(({ period, count }) => ({ period: period.replace('-', '/'), count }));
  const list = periodList(periods, language, `${year}-`, '.html');
  return renderPeriod(context, fill(siteWords(language).correctionsOf, { year }), noticed, list);
}

/** `corrections/YYYY-MM.html`: every notice that is dated in a month of such a year. */
export function renderCorrectionsOfMonth(
  context: PageContext,
  month: string,
  noticed: readonly Noticed[],
): string {
  const { language } = context.publication;
  const title = `${wordsFor(language).corrections} · ${writePeriod(month.replace('-', '/'), language)}`;
  return renderPeriod(context, title, noticed, noticeList(noticed, language, article));
}

function renderPeriod(
  { publication }: PageContext,
  title: string,
  noticed: readonly Noticed[],
  list: string,
): string {
  const of = asOf(
    noticed.map(({ entry }) => entry),
    publication.language,
  );
  return renderSitePage(publication, {
    title: `${title} · ${publication.name}`,
    top: '../',
    main: `<h1>${escapeHtml(title)}</h1>\n${of}${list}\n`,
  });
}
