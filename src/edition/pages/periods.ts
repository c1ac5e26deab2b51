import type { Archive } from '../archive.ts';
import { pagePath } from '../layout.ts';
import type { Publication } from '../publication.ts';
import { asOf, entryList, periodList } from './lists.ts';

/**
 * Years and the whole archive list what is below them; months and days list their articles: those of the edition by their pages,
 * those of a category, which is seen alone, by the bundles inside it.
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
  const below = `${period}/`.length;
  const list = entryList(entries, language, ({ id }) =>
    (category === undefined ? pagePath(id) : `${id}/`).slice(below),
  );
  return asOf(entries, language) + list;
}

/** Levels of a period: 0 for all time, 1 for a year, 2 for a month, 3 for a day. */
export function depthOf(period: string): number {
  return period === '' ? 0 : period.split('/').length;
}
