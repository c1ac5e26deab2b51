import { pagePath } from '../../article/addresses.ts';
import { escapeHtml } from '../../article/html.ts';
import { writePeriod } from '../../article/languages.ts';
import type { Archive, Entry } from '../archive.ts';
import type { Publication } from '../publication.ts';
import { asOf, bareList, entryList, periodList } from './lists.ts';

/**
 * Years and the whole archive list what is below them, and so does a month with many articles; other months and days list their
 * articles: those of the edition by their pages, those of a category, which is seen alone and has no pages for days, by the bundles
 * inside it.
 */
export function periodBody(
  publication: Publication,
  archive: Archive,
  period: string,
  category?: string,
): string {
  const { language } = publication;
  if (depthOf(period) < 2) {
    const newest = period === '' ? asOf(archive.newest(1, category), language) : '';
    return newest + periodList(archive.periods(period, category), language);
  }
  const entries = archive.within(period, category);
  const body = asOf(entries, language);
  if (depthOf(period) === 3) {
    return body + entryList(entries, language, ({ id }) => pagePath(id).slice(`${period}/`.length));
  }
  if (category !== undefined) return body + days(entries, language, ({ id }) => `${id}/`);
  if (entries.length > MONTH_LENGTH) return body + periodList(archive.periods(period), language);
  return body + days(entries, language, ({ id }) => pagePath(id), true);
}

/** How many articles a month lists by their headlines; one that has more lists its days, which list them. */
export const MONTH_LENGTH = 60;

/** The headlines of a month by day. */
function days(
  entries: readonly Entry[],
  language: string,
  path: (entry: Entry) => string,
  hasDayPages = false,
): string {
  const byDay = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = entry.id.slice(0, 10);
    const list = byDay.get(day);
    if (list === undefined) byDay.set(day, [entry]);
    else list.push(entry);
  }
  const parts = Array.from(byDay, ([day, list]) => {
    const name = escapeHtml(writePeriod(day, language));
    const heading = hasDayPages ? `<a href="${day.slice(8)}/">${name}</a>` : name;
    const headlines = bareList(list, language, (entry) => path(entry).slice('YYYY/MM/'.length));
    return `<section>\n<h2>${heading}</h2>\n${headlines}\n</section>`;
  });
  return `<div class="days">\n${parts.join('\n')}\n</div>`;
}

/** Levels of a period: 0 for all time, 1 for a year, 2 for a month, 3 for a day. */
export function depthOf(period: string): number {
  return period === '' ? 0 : period.split('/').length;
}
