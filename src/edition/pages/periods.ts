import type { Archive } from '../archive.ts';
import type { Publication } from '../publication.ts';
import { entryList, periodList } from './lists.ts';

/** Years and the whole archive list what is below them; months and days list their articles. */
export function periodBody(
  publication: Publication,
  archive: Archive,
  period: string,
  category?: string,
): string {
  const { language } = publication;
  if (depthOf(period) < 2) return periodList(archive.periods(period, category), language);
  const below = `${period}/`.length;
  return entryList(archive.within(period, category), language, (entry) => `${entry.id.slice(below)}/`);
}

/** Levels of a period: 0 for all time, 1 for a year, 2 for a month, 3 for a day. */
export function depthOf(period: string): number {
  return period === '' ? 0 : period.split('/').length;
}
