import { OvnError } from '../errors.ts';
import { collectEntries, type Enclosure, type FeedEntry, type FeedOptions } from './feed-entry.ts';
import type { Collection } from './foreign-post.ts';

type Members = Readonly<Record<string, unknown>>;

/**
 * Reads a JSON Feed (1.0, 1.1).
 *
 * @throws OvnError `malformed` for what is none.
 */
export function readJsonFeed(text: string, options: FeedOptions): Collection {
  const feed = members(parse(text));
  const items = feed?.['items'];
  if (feed === undefined || !Array.isArray(items))
    throw new OvnError('malformed', 'it is no JSON Feed: it has no items');
  const entries = items.map((item) => {
    const read = members(item);
    return read === undefined ? undefined : entryOf(read, feed);
  });
  return collectEntries(entries, options);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OvnError('malformed', 'it is no JSON', { cause });
  }
}

function entryOf(item: Members, feed: Members): FeedEntry {
  const attachments = attachmentsOf(item);
  const picture = attachments.find(({ type }) => /^image\//i.test(type))?.address;
  const image = string(item['image']) ?? string(item['banner_image']) ?? picture;
  return {
    id: string(item['id']),
    title: asText(item['title']),
    url: string(item['url']) ?? string(item['external_url']),
    published: string(item['date_published']),
    updated: string(item['date_modified']),
    html: string(item['content_html']),
    plain: string(item['content_text']),
    summary: asText(item['summary']),
    language: string(item['language']) ?? string(feed['language']),
    image: image === undefined ? undefined : { address: image },
    enclosures: attachments.filter(({ address }) => address !== image),
    authors: authorsOf(item) ?? authorsOf(feed) ?? [],
    tags: list(item['tags']).flatMap((tag) => string(tag) ?? []),
  };
}

function attachmentsOf(item: Members): Enclosure[] {
  return list(item['attachments']).flatMap((attachment) => {
    const read = members(attachment);
    const address = string(read?.['url']);
    return address === undefined ? [] : [{ address, type: string(read?.['mime_type']) ?? '' }];
  });
}

/** Plain text, by the standard: `<title>` is no tag there. */
function asText(value: unknown): string | undefined {
  return string(value)?.replaceAll('<', '&lt;');
}

/** Version 1.1 has a list, version 1.0 one. */
function authorsOf(holder: Members): string[] | undefined {
  const authors = [...list(holder['authors']), holder['author']].flatMap(
    (author) => members(author)?.['name'] ?? [],
  );
  const names = authors.flatMap((name) => string(name) ?? []);
  return names.length === 0 ? undefined : [...new Set(names)];
}

function members(value: unknown): Members | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Members)
    : undefined;
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A number is taken for the text of it, as the standard demands of `id`. */
function string(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
