import { pagePath } from '../../article/addresses.ts';
import { escapeHtml } from '../../article/html.ts';
import { writePeriod } from '../../article/languages.ts';
import type { Archive, Entry } from '../archive.ts';
import type { Publication } from '../publication.ts';
import { asOf, entryList, languageOf, periodList } from './lists.ts';

/**
 * Years and the whole archive list what is below them; months and days list their articles: those of the edition by their pages,
 * those of a category, which is seen alone and has no pages for days, by the bundles inside it.
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
  if (category === undefined && depthOf(period) === 2)
    return asOf(entries, language) + days(entries, language);
  const below = `${period}/`.length;
  const list = entryList(entries, language, ({ id }) =>
    (category === undefined ? pagePath(id) : `${id}/`).slice(below),
  );
  return asOf(entries, language) + list;
}

/** The headlines of a month by day, each day leading to its page: a month of a busy paper has hundreds. */
function days(entries: readonly Entry[], language: string): string {
  const byDay = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = entry.id.slice(0, 10);
    const list = byDay.get(day);
    if (list === undefined) byDay.set(day, [entry]);
    else list.push(entry);
  }
  const parts = Array.from(byDay, ([day, list]) => {
    const heading = `<h2><a href="${day.slice(8)}/">${escapeHtml(writePeriod(day, language))}</a></h2>`;
    const items = list.map((entry) => headline(entry, language, pagePath(entry.id).slice('YYYY/MM/'.length)));
    return `<section>\n${heading}\n<ul class="headlines">\n${items.join('\n')}\n</ul>\n</section>`;
  });
  return `<div class="days">\n${parts.join('\n')}\n</div>`;
}

function headline(entry: Entry, language: string, href: string): string {
  return `<li><a href="${escapeHtml(href)}"${languageOf(entry, language)}>${escapeHtml(entry.headline)}</a></li>`;
}

/** Levels of a period: 0 for all time, 1 for a year, 2 for a month, 3 for a day. */
export function depthOf(period: string): number {
  return period === '' ? 0 : period.split('/').length;
}
