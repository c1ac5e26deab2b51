import { OvnError } from '../errors.ts';
import { collectEntries, type Enclosure, type FeedEntry, type FeedOptions } from './feed-entry.ts';
import type { Collection, ForeignImage } from './foreign-post.ts';
import { child, textOf, type XmlElement, XmlRecords } from './xml-records.ts';

const IMAGE = /^image\//i;
const ROOTS = new Set(['rss', 'feed', 'rdf:rdf']);

/** Reads a feed in RSS (0.91 to 2.0, 1.0) or Atom, piece by piece. */
export class XmlFeedReader {
  readonly #options: FeedOptions;
  readonly #entries: FeedEntry[] = [];
  readonly #records: XmlRecords;
  #language: string | undefined;
  #isFeed = false;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.#records = new XmlRecords(
      (root) => (root.toLowerCase() === 'rss' ? 2 : 1),
      (record, parents) => this.#take(record, parents),
    );
  }

  /** @throws OvnError `malformed`, `limit` */
  write(chunk: string): void {
    this.#records.write(chunk);
  }

  /** @throws OvnError `malformed` where it breaks off, or is no feed. */
  end(): Collection {
    this.#records.end();
    if (!this.#isFeed) throw new OvnError('malformed', 'it is no RSS and no Atom');
    const language = this.#language;
    return collectEntries(
      this.#entries.map((entry) => ({ ...entry, language: entry.language ?? language })),
      this.#options,
    );
  }

  #take(record: XmlElement, parents: readonly string[]): void {
    this.#isFeed ||= ROOTS.has((parents[0] ?? '').toLowerCase());
    if (record.name === 'item') this.#entries.push(rssItem(record));
    else if (record.name === 'entry') this.#entries.push(atomEntry(record));
    else if (record.name === 'language' || record.name === 'dc:language') this.#language = record.text.trim();
  }
}

function rssItem(item: XmlElement): FeedEntry {
  const description = textOf(item, 'description');
  const content = textOf(item, 'content:encoded') ?? textOf(item, 'xhtml:body');
  const guid = child(item, 'guid');
  const isLink =
    guid !== undefined && guid.attributes['isPermaLink'] !== 'false' && URL.canParse(guid.text.trim());
  return {
    id: guid?.text.trim(),
    title: textOf(item, 'title'),
    url: textOf(item, 'link') ?? (isLink ? guid.text.trim() : undefined),
    published: textOf(item, 'pubDate') ?? textOf(item, 'dc:date'),
    updated: textOf(item, 'atom:updated') ?? textOf(item, 'dcterms:modified'),
    html: content ?? description,
    summary: content === undefined ? undefined : description,
    ...enclosedIn(item),
    authors: [...textsOf(item, 'dc:creator'), ...textsOf(item, 'author').map(nameInAddress)],
    tags: [...textsOf(item, 'category'), ...textsOf(item, 'dc:subject')],
  };
}

function atomEntry(entry: XmlElement): FeedEntry {
  const links = entry.children.filter(({ name }) => name === 'link');
  const link = links.find(({ attributes }) => (attributes['rel'] ?? 'alternate') === 'alternate');
  const content = child(entry, 'content');
  const summary = child(entry, 'summary');
  const authors = entry.children.filter(({ name }) => name === 'author' || name === 'contributor');
  return {
    id: textOf(entry, 'id'),
    title: inHtml(child(entry, 'title')),
    url: link?.attributes['href'],
    published: textOf(entry, 'published') ?? textOf(entry, 'issued'),
    updated: textOf(entry, 'updated') ?? textOf(entry, 'modified'),
    html: inHtml(content),
    summary: inHtml(summary),
    language: entry.attributes['xml:lang'],
    ...enclosedIn(entry),
    authors: authors.flatMap((author) => textOf(author, 'name') ?? []),
    tags: entry.children
      .filter(({ name }) => name === 'category')
      .flatMap(({ attributes }) => attributes['label'] ?? attributes['term'] ?? []),
  };
}

/** A text construct of Atom as HTML (RFC 4287 section 3.1); content that lies elsewhere is none. */
function inHtml(element: XmlElement | undefined): string | undefined {
  if (element === undefined) return undefined;
  const type = element.attributes['type'] ?? 'text';
  if (type === 'xhtml' || type.endsWith('+xml')) return element.content.map(serialise).join('');
  const text = element.text.trim();
  if (text === '') return undefined;
  return type === 'html' || type === 'text/html' ? text : escaped(text).replace(/\n/g, '<br>');
}

function serialise(node: string | XmlElement): string {
  if (typeof node === 'string') return escaped(node);
  const name = node.name.replace(/^[\w-]+:/, '');
  const attributes = Object.entries(node.attributes)
    .filter(([key]) => /^[a-z-]{1,40}$/i.test(key))
    .map(([key, value]) => ` ${key}="${escaped(value).replace(/"/g, '&quot;')}"`);
  const start = `<${name}${attributes.join('')}>`;
  if (/^(?:br|hr|img|source|wbr|col|input|embed)$/i.test(name)) return start;
  return `${start}${node.content.map(serialise).join('')}</${name}>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

/** The picture that an entry brings apart from its text, and what else it does. */
function enclosedIn(entry: XmlElement): Pick<FeedEntry, 'image' | 'enclosures'> {
  let image: ForeignImage | undefined;
  const enclosures = new Map<string, Enclosure>();
  for (const element of entry.children) {
    const { name, attributes, text } = element;
    const address = attributes['url'] ?? attributes['href'] ?? text.trim();
    if (address === '' || !(isEnclosure(element) || name.startsWith('media:'))) continue;
    const type = attributes['type'] ?? '';
    const isImage = IMAGE.test(type) || attributes['medium'] === 'image' || name === 'media:thumbnail';
    if (isImage && image === undefined) image = { address };
    else if (isEnclosure(element) || (name === 'media:content' && !isImage))
      enclosures.set(address, { address, type });
  }
  enclosures.delete(image?.address ?? '');
  return { image, enclosures: [...enclosures.values()] };
}

function isEnclosure({ name, attributes }: XmlElement): boolean {
  return name === 'enclosure' || (name === 'link' && attributes['rel'] === 'enclosure');
}

function textsOf(element: XmlElement, name: string): string[] {
  return element.children.filter((one) => one.name === name).map(({ text }) => text.trim());
}

/** RSS names people as `mail@example.org (Name)`. A mail address alone is not published. */
function nameInAddress(text: string): string {
  const named = /^\S+@\S+\s+\((?<name>[^)]+)\)$/.exec(text)?.groups?.['name'];
  return named ?? (/^\S+@\S+$/.test(text) ? '' : text);
}
