import { TOPIC_SCHEME, topicCode } from '../../article/media-topics.ts';
import type { Entry } from '../archive.ts';
import type { Publication } from '../publication.ts';
import type { FeedAddresses } from './addresses.ts';
import { markedHeadline, noticesHtml } from './corrections.ts';
import { asInstant } from './feed.ts';
import { entryFeedId } from './feed-id.ts';
import { escapeXml, xmlText } from './xml.ts';

/** Scheme of the categories that say which kinds of notices an article has. */
const NOTICE_SCHEME = 'https://schema.org/CorrectionComment';

/** An entry but for the links, which differ from document to document. */
interface EntryParts {
  publication: string;
  language: string;
  before: string;
  after: string;
}

const entryParts = new WeakMap<Entry, EntryParts>();

/** One article as an entry of RFC 4287. What it does not say, authors, language, when it was published, is as the feed says, or `updated`. */
export function writeAtomEntry(entry: Entry, { id, language }: Publication, at: FeedAddresses): string {
  let parts = entryParts.get(entry);
  if (parts?.publication !== id || parts.language !== language) {
    parts = writeParts(entry, id, language);
    entryParts.set(entry, parts);
  }
  const page = `<link rel="alternate" href="${escapeXml(at.article(entry))}"/>`;
  return `${parts.before}\n${page}${picture(entry, at)}\n${parts.after}`;
}

function picture(entry: Entry, at: FeedAddresses): string {
  if (entry.image === undefined) return '';
  const { path, type, size, alt } = entry.image;
  const title = alt === '' ? '' : ` title="${xmlText(escapeXml(alt))}"`;
  const href = escapeXml(at.file(entry, path));
  return `\n<link rel="enclosure" type="${escapeXml(type)}" length="${size}"${title} href="${href}"/>`;
}

function writeParts(entry: Entry, publication: string, language: string): EntryParts {
  const { inLanguage, description, notices, authors } = entry;
  const lang = inLanguage === language ? '' : ` xml:lang="${escapeXml(inLanguage)}"`;
  const before = [
    `<entry${lang}>`,
    `<id>${entryFeedId(publication, entry)}</id>`,
    `<title>${escapeXml(markedHeadline(entry))}</title>`,
    `<updated>${asInstant(entry.dateModified)}</updated>`,
    ...(entry.datePublished === entry.dateModified
      ? []
      : [`<published>${asInstant(entry.datePublished)}</published>`]),
  ];
  const after = [
    ...authors.map((name) => `<author><name>${escapeXml(name)}</name></author>`),
    ...categories(entry),
    ...(description === undefined ? [] : [`<summary>${escapeXml(description)}</summary>`]),
    ...(notices.length === 0 ? [] : [`<content type="html">${escapeXml(noticesHtml(entry))}</content>`]),
    '</entry>',
  ];
  return { publication, language, before: xmlText(before.join('\n')), after: xmlText(after.join('\n')) };
}

function categories({ categories, notices }: Entry): string[] {
  const own = categories.map(
    ({ slug, name }) => `<category term="${escapeXml(slug)}" label="${escapeXml(name)}"/>`,
  );
  const topics = categories.flatMap(({ topic }) => (topic === undefined ? [] : [topicCode(topic)]));
  const kinds = new Set(notices.map(({ kind }) => kind));
  return [
    ...own,
    ...Array.from(new Set(topics), (code) => `<category term="${code}" scheme="${TOPIC_SCHEME}"/>`),
    ...Array.from(kinds, (kind) => `<category term="${kind}" scheme="${NOTICE_SCHEME}"/>`),
  ];
}
