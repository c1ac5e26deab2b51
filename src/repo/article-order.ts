import { instantOf } from '../article/calendar.ts';
import type { Entry } from '../edition/archive.ts';

/** What articles are listed by: see {@link compareOrder}. */
export interface Ordered {
  entry: Entry;
  /** `YYYY/MM/DD`, as written. */
  day: string;
  /** Publication and last change in ms since 1970. */
  instant: number;
  modified: number;
}

export function orderOf(entry: Entry): Ordered {
  const { id, datePublished, dateModified } = entry;
  const instant = instantOf(datePublished);
  const modified = dateModified === datePublished ? instant : instantOf(dateModified);
  return { entry, day: id.slice(0, 10), instant, modified };
}

/** Newest first: by day as written, then by the moment of publication, then by id. */
export function compareOrder(a: Ordered, b: Ordered): number {
  if (a.day !== b.day) return a.day > b.day ? -1 : 1;
  if (a.instant !== b.instant) return b.instant - a.instant;
  return a.entry.id < b.entry.id ? -1 : 1;
}
