import { latestDate } from '../../article/calendar.ts';
import type { Archive, Entry } from '../archive.ts';
import type { Publication } from '../publication.ts';
import { documentOf } from './documents.ts';

/** How many of the newest articles a feed holds before it leads on to older ones. */
export const FEED_LENGTH = 50;

/** What feeds are made of: all articles, or those of one category. */
export interface FeedList {
  publication: Publication;
  archive: Archive;
  /** Absent: the whole edition. */
  category?: { slug: string; name: string };
}

/** One document of a feed, to be written as JSON Feed or Atom. */
export interface Feed {
  list: FeedList;
  /** Newest first. */
  entries: readonly Entry[];
  /** Which document with older articles it is; absent: the one with the newest. See `documentOf`. */
  document?: string;
  /** The document that comes after this one in the chain of older ones. */
  older?: string;
}

/** The newest so many, and the way to the older ones where there are any: the document that the oldest that is listed is in. */
export function newestFeed(list: FeedList): Feed {
  const { archive, category } = list;
  const entries = archive.newest(FEED_LENGTH, category?.slug);
  const oldest = entries.at(-1);
  const isAll = archive.count(category?.slug) <= entries.length;
  const isLast = oldest === undefined || isAll;
  return { list, entries, ...(isLast ? {} : { older: documentOf(list, oldest.id.slice(0, 10)) }) };
}

/** The outlet's name, or that of one of its categories with it: one for all documents of a feed. */
export function titleOf({ publication, category }: FeedList): string {
  return category === undefined ? publication.name : `${publication.name}: ${category.name}`;
}

/** The folder that a feed is of, below the edition's root. */
export function folderOf({ category }: FeedList): string {
  return category === undefined ? 'articles' : `categories/${category.slug}`;
}

/** RFC 3339 wants a time, and seconds in it; a date alone is taken as the beginning of its day in UTC. */
export function asInstant(date: string): string {
  if (date.length === 10) return `${date}T00:00:00Z`;
  return date.charAt(16) === ':' ? date : `${date.slice(0, 16)}:00${date.slice(16)}`;
}

/** What a feed says that has nothing in it, or nothing newer. */
const EARLIEST = '1970-01-01';

/** When something in a feed was last changed: nothing of the clock, and not moved by what changes no text. */
export function lastChange(entries: readonly Entry[]): string {
  return asInstant(latestDate([EARLIEST, ...entries.map(({ dateModified }) => dateModified)]) ?? EARLIEST);
}
