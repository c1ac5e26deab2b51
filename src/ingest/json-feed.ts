import { OvnError } from '../errors.ts';
import { collectEntries, type FeedEntry, type FeedOptions } from './feed-entry.ts';
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
  const entries = items.flatMap((item) => {
    const read = members(item);
    return read === undefined ? [] : [entryOf(read, feed)];
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
  const image = string(item['image']) ?? string(item['banner_image']);
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
    authors: authorsOf(item) ?? authorsOf(feed) ?? [],
    tags: list(item['tags']).flatMap((tag) => string(tag) ?? []),
  };
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

function string(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}
