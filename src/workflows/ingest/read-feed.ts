import { OvnError } from '../../errors.ts';
import type { FeedOptions } from '../../ingest/feed-entry.ts';
import type { Collection } from '../../ingest/foreign-post.ts';
import { readJsonFeed } from '../../ingest/json-feed.ts';
import { XmlFeedReader } from '../../ingest/xml-feed.ts';
import { namingFile, type ReadEffects, readXml } from './read-xml.ts';

/** Bytes of a feed, at most: of JSON all is in memory at once. */
const FEED_LIMIT = 128 * 1024 * 1024;

/**
 * All entries of a feed in a file: RSS, Atom or JSON Feed, told apart by its first character.
 *
 * @throws OvnError as {@link readXml}; `malformed` for what is no feed.
 */
export async function readFeed(
  file: string,
  options: FeedOptions,
  effects: ReadEffects,
): Promise<Collection> {
  try {
    return await read(file, options, effects);
  } catch (error) {
    const named = namingFile(error, file);
    if (named.code !== 'malformed') throw named;
    throw new OvnError('malformed', named.message, {
      hint: 'RSS, Atom and JSON Feed are read. A file, not an address: save the feed first.',
      cause: error,
    });
  }
}

async function read(file: string, options: FeedOptions, effects: ReadEffects): Promise<Collection> {
  let json: string | undefined;
  let xml: XmlFeedReader | undefined;
  for await (const chunk of readXml(file, effects, FEED_LIMIT)) {
    if (json === undefined && xml === undefined) {
      if (chunk.trimStart().startsWith('{')) json = '';
      else xml = new XmlFeedReader(options);
    }
    xml?.write(chunk);
    if (json !== undefined) json += chunk;
  }
  if (json !== undefined) return readJsonFeed(json, options);
  if (xml === undefined) throw new OvnError('malformed', 'it is empty');
  return xml.end();
}
