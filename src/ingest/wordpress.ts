import { isLanguage, primaryLanguage } from '../article/languages.ts';
import type { Collection, ForeignImage, ForeignPost, LeftOut } from './foreign-post.ts';
import { Losses } from './losses.ts';
import { plainLine, tidy } from './plain-text.ts';
import { optional } from './post-fields.ts';
import { readDate, zoned } from './read-date.ts';
import { wordpressBody } from './wordpress-body.ts';
import type { Attachment } from './wordpress-shortcodes.ts';
import { child, textOf, type XmlElement, XmlRecords } from './xml-records.ts';

export interface WordpressOptions {
  /** Also pages. */
  pages: boolean;
  /** Of times without one. */
  zone: string;
  /** What the site's address was, when not the export's word counts. */
  base: string | undefined;
  /** Of the paper: what is written in the same is not said again. */
  language: string;
}

/** Why a post of a status is held. */
const HELD: Readonly<Record<string, string>> = {
  draft: 'it is a draft',
  pending: 'it waits for review',
  private: 'it is private',
};
const NO_DATE = /^0000-/;

/**
 * Reads a WordPress export (WXR) piece by piece. Posts of the kinds that are public become articles; drafts, scheduled, private and protected
 * ones become drafts; what lies in the trash, pages and everything else is left out, and said.
 */
export class WordpressReader {
  readonly #options: WordpressOptions;
  readonly #records: XmlRecords;
  readonly #items: XmlElement[] = [];
  readonly #authors = new Map<string, string>();
  readonly #attachments = new Map<string, Attachment>();
  readonly #others = new Map<string, number>();
  #language: string | undefined;
  #isExport = false;

  constructor(options: WordpressOptions) {
    this.#options = options;
    this.#records = new XmlRecords(
      () => 2,
      (record) => this.#take(record),
    );
  }

  /** @throws OvnError `malformed`, `limit` */
  write(chunk: string): void {
    this.#records.write(chunk);
  }

  /** @throws OvnError `malformed` where the export breaks off. */
  end(): { isExport: boolean; collection: Collection } {
    this.#records.end();
    const posts: ForeignPost[] = [];
    const leftOut: LeftOut[] = [];
    for (const item of this.#items) {
      const read = this.#read(item);
      if ('body' in read) posts.push(read);
      else leftOut.push(read);
    }
    return {
      isExport: this.#isExport,
      collection: { posts, leftOut, others: Object.fromEntries(this.#others) },
    };
  }

  #take(record: XmlElement): void {
    if (record.name === 'wp:wxr_version') this.#isExport = true;
    else if (record.name === 'language') this.#language = record.text.trim().replaceAll('_', '-');
    else if (record.name === 'wp:author') this.#takeAuthor(record);
    else if (record.name === 'item') this.#takeItem(record);
  }

  #takeAuthor(author: XmlElement): void {
    const login = textOf(author, 'wp:author_login');
    const name = textOf(author, 'wp:author_display_name');
    if (login !== undefined && name !== undefined) this.#authors.set(login, plainLine(name));
  }

  #takeItem(item: XmlElement): void {
    const type = textOf(item, 'wp:post_type') ?? 'post';
    if (type === 'post' || type === 'page') this.#items.push(item);
    else if (type === 'attachment') this.#takeAttachment(item);
    else this.#others.set(type, (this.#others.get(type) ?? 0) + 1);
  }

  #takeAttachment(item: XmlElement): void {
    const id = textOf(item, 'wp:post_id');
    const url = textOf(item, 'wp:attachment_url');
    if (id === undefined || url === undefined) return;
    const alt = metaOf(item, '_wp_attachment_image_alt');
    const caption = textOf(item, 'excerpt:encoded');
    const parent = textOf(item, 'wp:post_parent');
    this.#attachments.set(id, {
      id,
      url,
      ...optional('alt', alt),
      ...optional('caption', caption),
      ...optional('parent', parent),
    });
  }

  #read(item: XmlElement): ForeignPost | LeftOut {
    const origin = originOf(item);
    const rule = (reason: string): LeftOut => ({ origin, why: 'rule', reason });
    const status = textOf(item, 'wp:status') ?? 'publish';
    const isPage = textOf(item, 'wp:post_type') === 'page';
    if (status === 'trash') return rule('it lies in the trash');
    if (status === 'auto-draft' || status === 'inherit') return rule('it was never more than begun');
    if (isPage && !this.#options.pages) return rule('it is a page (see --pages)');
    return this.#post(item, origin, heldBy(item, status));
  }

  #post(item: XmlElement, origin: string, held: string | undefined): ForeignPost {
    const losses = new Losses();
    const id = textOf(item, 'wp:post_id') ?? '';
    const attachments = this.#attachments;
    const own = (): Attachment[] => [...attachments.values()].filter(({ parent }) => parent === id);
    const base = this.#options.base ?? textOf(item, 'link');
    const comments = item.children.filter(({ name }) => name === 'wp:comment').length;
    if (comments > 0)
      losses.add('comment', `${comments} ${comments === 1 ? 'comment' : 'comments'} of readers`);
    const text = wordpressBody(child(item, 'content:encoded')?.text ?? '', { attachments, own, losses });
    const creator = textOf(item, 'dc:creator');
    const language = this.#language;
    return {
      origin,
      ...optional('title', textOf(item, 'title')),
      ...optional('date', dateOf(item, 'post_date', this.#options.zone, losses)),
      ...optional('updated', dateOf(item, 'post_modified', this.#options.zone, losses)),
      ...optional('name', nameOf(item)),
      ...optional('summary', summaryOf(item)),
      ...optional('language', isOther(language, this.#options.language) ? language : undefined),
      ...optional('image', this.#imageOf(item)),
      ...optional('held', held),
      authors: creator === undefined ? [] : [this.#authors.get(creator) ?? creator],
      categories: termsOf(item, 'category'),
      tags: termsOf(item, 'post_tag'),
      body: { format: 'html', text, ...optional('base', base) },
      losses: losses.list(),
    };
  }

  #imageOf(item: XmlElement): ForeignImage | undefined {
    const image = this.#attachments.get(metaOf(item, '_thumbnail_id') ?? '');
    if (image === undefined) return undefined;
    return { address: image.url, ...optional('alt', image.alt), ...optional('caption', image.caption) };
  }
}

function originOf(item: XmlElement): string {
  const id = textOf(item, 'wp:post_id');
  const title = plainLine(textOf(item, 'title') ?? '').slice(0, 80);
  const kind = textOf(item, 'wp:post_type') === 'page' ? 'page' : 'post';
  return [kind, id, title === '' ? undefined : `"${title}"`].filter((part) => part !== undefined).join(' ');
}

function heldBy(item: XmlElement, status: string): string | undefined {
  if (status === 'future') return `it is scheduled for ${textOf(item, 'wp:post_date') ?? 'later'}`;
  if (HELD[status] !== undefined) return HELD[status];
  if (textOf(item, 'wp:post_password') !== undefined) return 'it is protected by a password';
  return status === 'publish' ? undefined : `its status is "${status.slice(0, 40)}"`;
}

/** The local time with the zone that the time in UTC tells; of posts without that, what the feed says. */
function dateOf(
  item: XmlElement,
  name: 'post_date' | 'post_modified',
  zone: string,
  losses: Losses,
): string | undefined {
  const local = textOf(item, `wp:${name}`);
  const utc = textOf(item, `wp:${name}_gmt`);
  const exact = local === undefined || utc === undefined ? undefined : zoned(local, utc);
  if (exact !== undefined) return exact;
  const written = [local, name === 'post_date' ? textOf(item, 'pubDate') : undefined];
  for (const text of written) {
    const read = text === undefined || NO_DATE.test(text) ? undefined : readDate(text, zone);
    if (read === undefined) continue;
    if (read.isGuess) losses.add('date', `${text} names no zone that is known: taken as ${read.date}`);
    return read.date;
  }
  return undefined;
}

/** Slugs that are not ASCII are kept in percent signs. */
function nameOf(item: XmlElement): string | undefined {
  const name = textOf(item, 'wp:post_name');
  try {
    return name === undefined ? undefined : tidy(decodeURIComponent(name));
  } catch {
    return name;
  }
}

function summaryOf(item: XmlElement): string | undefined {
  const text = plainLine(textOf(item, 'excerpt:encoded') ?? '');
  return text === '' ? undefined : text;
}

function termsOf(item: XmlElement, domain: string): string[] {
  const terms = item.children.filter(
    ({ name, attributes }) => name === 'category' && attributes['domain'] === domain,
  );
  return terms.map(({ text }) => plainLine(text)).filter((text) => text !== '');
}

function metaOf(item: XmlElement, key: string): string | undefined {
  const meta = item.children.find((one) => one.name === 'wp:postmeta' && textOf(one, 'wp:meta_key') === key);
  return meta === undefined ? undefined : textOf(meta, 'wp:meta_value');
}

/** Whether a site's language says more than the paper's. */
export function isOther(language: string | undefined, paper: string): language is string {
  return (
    language !== undefined && isLanguage(language) && primaryLanguage(language) !== primaryLanguage(paper)
  );
}
