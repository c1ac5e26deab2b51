import type { Entry } from '../archive.ts';
import type { Publication } from '../publication.ts';
import { FeedAddresses } from './addresses.ts';
import { markedHeadline, noticesHtml } from './corrections.ts';
import { asInstant, type Feed, titleOf } from './feed.ts';
import { entryFeedId } from './feed-id.ts';

/** A document of a feed as JSON Feed 1.1, in canonical JSON: members are named in their order, so that nothing need be sorted. */
export function writeJsonFeed(feed: Feed): string {
  const { publication } = feed.list;
  const at = new FeedAddresses(feed);
  const frame = JSON.stringify({
    _ovn: { publication: publication.id },
    ...(feed.document === undefined && publication.tagline !== ''
      ? { description: publication.tagline }
      : {}),
    ...(at.absolute ? { feed_url: `${at.own}.json` } : {}),
    home_page_url: at.page,
    items: [],
    language: publication.language,
    ...(feed.older === undefined ? {} : { next_url: `${at.document(feed.older)}.json` }),
    title: titleOf(feed.list),
    version: 'https://jsonfeed.org/version/1.1',
  });
  const items = feed.entries.map((entry) => writeItem(publication, entry, at));
  const place = frame.indexOf(NO_ITEMS) + NO_ITEMS.length - 1;
  return `${frame.slice(0, place)}${items.join(',')}${frame.slice(place)}`;
}

/** No text can hold it: quotation marks are escaped in one. */
const NO_ITEMS = '"items":[]';

/** An item but for the members with addresses, which differ from document to document, in the order of their names. */
interface ItemParts {
  publication: string;
  language: string;
  /** Its beginning in the feed of the whole edition, and in that of a category. */
  ofAll: string;
  ofCategory: string;
  beforeImage: string;
  beforeUrl: string;
}

/** An article is in up to two documents of each list that it is in. */
const itemParts = new WeakMap<Entry, ItemParts>();

function writeItem(publication: Publication, entry: Entry, at: FeedAddresses): string {
  let parts = itemParts.get(entry);
  if (parts?.publication !== publication.id || parts.language !== publication.language) {
    parts = writeParts(publication, entry);
    itemParts.set(entry, parts);
  }
  const { image } = entry;
  const beginning = at.isOfCategory ? parts.ofCategory : parts.ofAll;
  const picture = image === undefined ? '' : `"image":${JSON.stringify(at.file(entry, image.path))},`;
  return `${beginning}${parts.beforeImage}${picture}${parts.beforeUrl}"url":${JSON.stringify(at.article(entry))}}`;
}

/** What can be told from another member is left out: a feed is written anew with every article. */
function writeParts({ id, language }: Publication, entry: Entry): ItemParts {
  const { description, headline, inLanguage, authors, notices, dateModified, datePublished } = entry;
  const beforeImage = JSON.stringify({
    ...(authors.length === 0 ? {} : { authors: authors.map((name) => ({ name })) }),
    ...(notices.length === 0
      ? { content_text: description ?? headline }
      : { content_html: noticesHtml(entry) }),
    ...(dateModified === datePublished ? {} : { date_modified: asInstant(dateModified) }),
    date_published: asInstant(datePublished),
    id: entryFeedId(id, entry),
  });
  const beforeUrl = JSON.stringify({
    ...(inLanguage === language ? {} : { language: inLanguage }),
    ...(description === undefined || notices.length === 0 ? {} : { summary: description }),
    tags: entry.categories.map(({ name }) => name),
    title: markedHeadline(entry),
  });
  return {
    publication: id,
    language,
    ofAll: beginningOf(entry, { cid: entry.cid }),
    // Nothing of the bundle in a category's feed, whose `url` is the bundle.
    ofCategory: beginningOf(entry, {}),
    beforeImage: `${beforeImage.slice(1, -1)},`,
    beforeUrl: `${beforeUrl.slice(1, -1)},`,
  };
}

/** Our own member, which is the first of an item: without what needs no saying, such as that a revision is the first. */
function beginningOf(
  { revision, status, categories, notices }: Entry,
  bundle: Record<string, string>,
): string {
  const topics = new Set(categories.flatMap(({ topic }) => topic ?? []));
  const extension = {
    ...bundle,
    ...(notices.length === 0 ? {} : { corrections: notices.map(asCorrection) }),
    ...(revision === 1 ? {} : { revision }),
    ...(status === 'published' ? {} : { status }),
    ...(topics.size === 0 ? {} : { topics: [...topics] }),
  };
  return Object.keys(extension).length === 0 ? '{' : `{"_ovn":${JSON.stringify(extension)},`;
}

function asCorrection({ kind, datePublished, text }: Entry['notices'][number]): Record<string, string> {
  return { date: datePublished, text, type: kind };
}
