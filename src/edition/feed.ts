import { v5 as uuidV5 } from 'uuid';
import { canonicalBytes } from '../bundle/canonical-json.ts';
import type { Entry } from './archive.ts';
import type { Publication } from './publication.ts';

/** How many of the newest articles a feed holds. */
export const FEED_LENGTH = 50;

/** RFC 9562's name space for URLs: ids are made of `ovn:<publication id>/<article id>`. */
const NAMESPACE_URL = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

export interface FeedInput {
  publication: Publication;
  /** Title of the list: the outlet's name, or that of one of its categories. */
  title: string;
  /** Folder of the articles below the outlet's address: `articles`, or `categories/<slug>`. */
  folder: string;
  /** Newest first. */
  entries: readonly Entry[];
}

/**
 * A feed as JSON Feed 1.1. Ids are made of the publication and the article id, so they outlive revisions; the CID of
 * the revision is in `_ovn`. Absolute addresses are there only where the outlet has one, else `ipfs://`.
 */
export function buildFeed(input: FeedInput): Uint8Array {
  const { publication, folder, entries } = input;
  const site = siteOf(publication);
  const home = site === undefined ? {} : { home_page_url: homePage(site, folder) };
  return canonicalBytes({
    version: 'https://jsonfeed.org/version/1.1',
    title: input.title,
    description: publication.tagline,
    language: publication.language,
    ...home,
    _ovn: { publication: publication.id },
    items: entries.slice(0, FEED_LENGTH).map((entry) => feedItem(input, entry)),
  });
}

/** The id of an article in every feed, for ever: a `urn:uuid` version 5 (RFC 9562) of publication and article id. */
export function feedId(publicationId: string, articleId: string): string {
  return `urn:uuid:${uuidV5(`ovn:${publicationId}/${articleId}`, NAMESPACE_URL)}`;
}

/** Where the outlet's site is, with a slash at the end. */
function siteOf({ url }: Publication): string | undefined {
  return url === undefined ? undefined : `${url.replace(/\/+$/, '')}/`;
}

function homePage(site: string, folder: string): string {
  return folder === 'articles' ? site : `${site}${folder}/`;
}

function feedItem({ publication, folder }: FeedInput, entry: Entry): Record<string, unknown> {
  const site = siteOf(publication);
  const address = site === undefined ? `ipfs://${entry.cid}/` : `${site}${folder}/${entry.id}/`;
  return {
    id: feedId(publication.id, entry.id),
    url: address,
    title: entry.headline,
    content_text: entry.description ?? entry.headline,
    ...(entry.description === undefined ? {} : { summary: entry.description }),
    date_published: asInstant(entry.datePublished),
    date_modified: asInstant(entry.dateModified),
    ...(entry.authors.length === 0 ? {} : { authors: entry.authors.map((name) => ({ name })) }),
    tags: entry.categories.map((category) => category.name),
    language: entry.inLanguage,
    _ovn: { id: entry.id, cid: entry.cid, revision: entry.revision, status: entry.status },
  };
}

/** RFC 3339 wants a time, and seconds in it; a date alone is taken as the beginning of its day in UTC. */
function asInstant(date: string): string {
  if (date.length === 10) return `${date}T00:00:00Z`;
  return date.charAt(16) === ':' ? date : `${date.slice(0, 16)}:00${date.slice(16)}`;
}
