import type { Entry } from '../archive.ts';
import { FeedAddresses } from './addresses.ts';
import { writeAtomEntry } from './atom-entry.ts';
import { type Feed, folderOf, lastChange, titleOf } from './feed.ts';
import { feedId } from './feed-id.ts';
import { escapeXml, xmlText } from './xml.ts';

/** A document of a feed as Atom (RFC 4287), the older ones as an archived feed (RFC 5005, section 4). */
export function writeAtomFeed(feed: Feed): string {
  const { publication } = feed.list;
  const at = new FeedAddresses(feed);
  const isArchive = feed.document !== undefined;
  const subtitle =
    isArchive || publication.tagline === '' ? [] : [`<subtitle>${escapeXml(publication.tagline)}</subtitle>`];
  const uri = at.absolute ? `<uri>${escapeXml(publication.url ?? '')}</uri>` : '';
  const head = [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<feed xmlns="http://www.w3.org/2005/Atom"${isArchive ? HISTORY : ''} xml:lang="${escapeXml(publication.language)}">`,
    `<id>${feedId(publication.id, folderOf(feed.list))}</id>`,
    `<title>${escapeXml(titleOf(feed.list))}</title>`,
    ...subtitle,
    `<updated>${lastChange(feed.entries)}</updated>`,
    `<author><name>${escapeXml(publication.name)}</name>${uri}</author>`,
    ...(isArchive ? ['<fh:archive/>'] : []),
    ...links(feed, at),
  ];
  const entries = feed.entries.map((entry: Entry) => writeAtomEntry(entry, publication, at));
  return [xmlText(head.join('\n')), ...entries, '</feed>\n'].join('\n');
}

const HISTORY = ' xmlns:fh="http://purl.org/syndication/history/1.0"';

function links({ document, older }: Feed, at: FeedAddresses): string[] {
  const link = (rel: string, type: string, href: string): string =>
    `<link rel="${rel}" type="${type}" href="${escapeXml(href)}"/>`;
  const atom = 'application/atom+xml';
  return [
    link('alternate', 'text/html', at.page),
    ...(at.absolute ? [link('self', atom, `${at.own}.atom`)] : []),
    ...(document === undefined ? [] : [link('current', atom, `${at.newest}.atom`)]),
    ...(older === undefined ? [] : [link('prev-archive', atom, `${at.document(older)}.atom`)]),
  ];
}
