import { parse, v5 as uuidV5 } from 'uuid';
import type { Entry } from '../archive.ts';

/** RFC 9562's name space for URLs: ids are made of `ovn:<publication id>/<what is named>`. */
const NAMESPACE_URL = parse('6ba7b811-9dad-11d1-80b4-00c04fd430c8');

/**
 * The id of an article in every feed, for ever: a `urn:uuid` version 5 (RFC 9562) of publication and article id. That of a
 * feed is made in the same way, of the folder that it is of.
 */
export function feedId(publicationId: string, name: string): string {
  return `urn:uuid:${uuidV5(Buffer.from(`ovn:${publicationId}/${name}`), NAMESPACE_URL)}`;
}

/** An article is in several documents of several feeds. */
const ids = new WeakMap<Entry, { publication: string; id: string }>();

/** {@link feedId} of an article, made once. */
export function entryFeedId(publication: string, entry: Entry): string {
  const known = ids.get(entry);
  if (known?.publication === publication) return known.id;
  const id = feedId(publication, entry.id);
  ids.set(entry, { publication, id });
  return id;
}
