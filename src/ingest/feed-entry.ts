import type { Collection, ForeignImage, ForeignPost, LeftOut } from './foreign-post.ts';
import { Losses } from './losses.ts';
import { plainLine, shorten } from './plain-text.ts';
import { optional } from './post-fields.ts';
import { readDate } from './read-date.ts';
import { isOther } from './wordpress.ts';

export interface FeedOptions {
  /** Of times without one. */
  zone: string;
  /** What relative addresses stand against, when not each entry's own. */
  base: string | undefined;
  /** Of the paper. */
  language: string;
}

/** An entry of a feed of any kind, with what is in it as it was written. */
export interface FeedEntry {
  id?: string | undefined;
  title?: string | undefined;
  url?: string | undefined;
  published?: string | undefined;
  updated?: string | undefined;
  html?: string | undefined;
  /** Instead of HTML. */
  plain?: string | undefined;
  summary?: string | undefined;
  language?: string | undefined;
  image?: ForeignImage | undefined;
  /** What lies beside the text and is no picture of it. */
  enclosures: readonly Enclosure[];
  authors: readonly string[];
  tags: readonly string[];
}

/** A file that an entry brings, such as a recording. */
export interface Enclosure {
  address: string;
  /** Media type, as far as the feed names one. */
  type: string;
}

/**
 * What the entries of a feed become. An entry without a date is a fault: nobody could find its article again; and so is one that
 * brings a file alone, or is no entry at all.
 */
export function collectEntries(
  entries: readonly (FeedEntry | undefined)[],
  options: FeedOptions,
): Collection {
  const posts: ForeignPost[] = [];
  const leftOut: LeftOut[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry === undefined) {
      leftOut.push({ origin: `entry ${index + 1}`, why: 'fault', reason: 'it is no entry' });
      continue;
    }
    const origin = originOf(entry, index);
    const body = entry.html ?? htmlOf(entry.plain) ?? entry.summary ?? '';
    if (body.trim() === '' && !entry.title) leftOut.push(withoutText(entry, origin));
    else posts.push(post(entry, origin, body, options));
  }
  return { posts, leftOut, others: {} };
}

function withoutText({ image, enclosures: [first] }: FeedEntry, origin: string): LeftOut {
  const address = image?.address ?? first?.address;
  if (address === undefined) return { origin, why: 'rule', reason: 'it says nothing' };
  return {
    origin,
    why: 'fault',
    reason: `it has neither headline nor text, and only brings ${shorten(address, 200)}`,
  };
}

function post(
  entry: FeedEntry,
  origin: string,
  html: string,
  { zone, base, language }: FeedOptions,
): ForeignPost {
  const losses = new Losses();
  const whole = entry.html ?? entry.plain;
  const summary = whole === undefined ? '' : plainLine(entry.summary ?? '');
  if (whole === undefined && html !== '') losses.add('text', 'the feed holds no more than a summary of it');
  for (const { address, type } of entry.enclosures)
    losses.add(
      'element',
      `${type === '' ? 'a file' : `a file (${type})`} beside the text is left out: ${address}`,
    );
  const stands = base ?? (entry.url !== undefined && URL.canParse(entry.url) ? entry.url : undefined);
  return {
    origin,
    ...optional('title', entry.title),
    ...optional('date', dateOf(entry.published ?? entry.updated, zone, losses)),
    ...optional('updated', dateOf(entry.updated, zone, losses)),
    ...optional('name', nameOf(entry.url)),
    ...optional('summary', summary === '' || plainLine(html).startsWith(summary) ? undefined : summary),
    ...optional('language', isOther(entry.language, language) ? entry.language : undefined),
    ...optional('image', entry.image),
    authors: entry.authors.map((name) => plainLine(name)).filter((name) => name !== ''),
    categories: entry.tags.map((name) => plainLine(name)).filter((name) => name !== ''),
    tags: [],
    body: { format: 'html', text: html, ...optional('base', stands) },
    losses: losses.list(),
  };
}

function originOf({ url, id, title }: FeedEntry, index: number): string {
  const named = url ?? id ?? (title === undefined ? undefined : `"${plainLine(title)}"`);
  return named === undefined ? `entry ${index + 1}` : named.slice(0, 200);
}

function dateOf(text: string | undefined, zone: string, losses: Losses): string | undefined {
  const read = text === undefined ? undefined : readDate(text, zone);
  if (text !== undefined && read === undefined) losses.add('date', `"${text.slice(0, 60)}" is no date`);
  if (read?.isGuess) losses.add('date', `${text} names no zone that is known: taken as ${read.date}`);
  return read?.date;
}

/** The last part of an address that says something: not of `/?p=12`, `/12/` or `/index.html`. */
function nameOf(address: string | undefined): string | undefined {
  const url = address === undefined ? null : URL.parse(address);
  const parts = (url?.pathname ?? '').split('/').map((part) => decoded(part).replace(/\.[a-z]{2,5}$/i, ''));
  const name = parts.findLast((part) => part !== '' && part !== 'index');
  return name !== undefined && /\p{L}/u.test(name) ? name : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function htmlOf(plain: string | undefined): string | undefined {
  if (plain === undefined) return undefined;
  const safe = plain.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const paragraphs = safe.replace(/\r\n?/g, '\n').split(/\n[ \t]*\n/);
  return paragraphs.map((text) => `<p>${text.trim().replace(/\n/g, '<br>')}</p>`).join('');
}
