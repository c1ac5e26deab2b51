import { isLanguage } from '../article/languages.ts';
import type { Field, Fields } from './foreign-front-matter.ts';
import type { ForeignImage, ForeignPost, Loss } from './foreign-post.ts';
import { heldBy, NO_PAGE, type ReadAt } from './held-by.ts';
import { plainLine, tidy } from './plain-text.ts';
import { readDate } from './read-date.ts';

const NAMES = {
  title: ['title', 'headline', 'name'],
  date: ['date', 'pubdate', 'publishdate', 'published_at', 'datepublished', 'created'],
  updated: ['updated', 'lastmod', 'last_modified_at', 'modified', 'datemodified', 'updated_at'],
  summary: ['summary', 'description', 'excerpt', 'subtitle', 'intro', 'abstract'],
  authors: ['authors', 'author', 'byline'],
  categories: ['categories', 'category', 'sections'],
  tags: ['tags', 'tag', 'keywords'],
  language: ['language', 'lang', 'locale'],
  image: [
    'image',
    'cover',
    'featured_image',
    'featureimage',
    'thumbnail',
    'banner',
    'hero',
    'images',
    'og_image',
  ],
  alt: ['imagealt', 'image_alt', 'cover_alt', 'thumbnail_alt', 'alt'],
  caption: ['imagecaption', 'image_caption', 'cover_caption', 'caption'],
} as const;
/** Fields that only say how another program shows a text. */
const UNSAID = new Set(
  (
    'slug draft published private unlisted publishdate publish_date publishat publish_at embargo expirydate expiry_date expires layout template type permalink url path aliases weight id guid uuid comments ' +
    'toc math mathjax katex extra taxonomies params menu markup sitemap outputs cascade render in_search_index insert_anchor_links ' +
    'sort_by paginate_by page_template redirect_from redirect_to eleventynavigation eleventyexcludefromcollections hidden pin pinned ' +
    'featured tableofcontents showtoc nav_order parent has_children release team isroot index release-version index_only audio date_formatted'
  ).split(' '),
);
/** Where Hugo is told whether a text gets a page. */
const BUILD = ['build', '_build'];
const READ: ReadonlySet<string> = new Set([...Object.values(NAMES).flat(), ...BUILD]);

/** What a front matter says of a post, however the program that it was written for calls it. */
export type PostFields = Omit<ForeignPost, 'origin' | 'body' | 'name' | 'section'> & {
  slug?: string;
  /** Where it stood on its site. */
  path?: string;
};

export function postFields(fields: Fields, at: ReadAt): PostFields {
  const { zone } = at;
  const finder = new Finder(fields);
  const losses: Loss[] = [];
  const date = dateOf(finder, 'date', NAMES.date, zone, losses);
  const updated = dateOf(finder, 'updated', NAMES.updated, zone, losses);
  const language = finder.text(NAMES.language)?.replaceAll('_', '-');
  const path = finder.text(['path', 'permalink', 'url']);
  const others = finder.unread();
  if (others.length > 0)
    losses.push({ kind: 'field', message: `fields that are not read: ${others.join(', ')}` });
  return {
    ...optional('title', finder.line(NAMES.title)),
    ...optional('date', date),
    ...optional('updated', updated),
    ...optional('slug', finder.text(['slug'])),
    ...optional('path', path === NO_PAGE ? undefined : path),
    ...optional('summary', finder.line(NAMES.summary)),
    ...optional('language', language !== undefined && isLanguage(language) ? language : undefined),
    ...optional('image', imageOf(finder)),
    ...optional(
      'held',
      heldBy((name) => finder.text([name]), at),
    ),
    authors: finder.texts(NAMES.authors),
    categories: finder.texts(NAMES.categories),
    tags: finder.texts(NAMES.tags),
    losses,
  };
}

/** Looks for a field at the top, then where Hugo, Zola and themes keep theirs. */
class Finder {
  readonly #places: readonly Fields[];
  readonly #top: Fields;

  constructor(top: Fields) {
    this.#top = top;
    const nested = ['taxonomies', 'extra', 'params', ...BUILD].flatMap((name) => top.get(name) ?? []);
    this.#places = [top, ...nested.filter((field) => field instanceof Map)];
  }

  field(names: readonly string[]): Field | undefined {
    for (const place of this.#places) {
      for (const name of names) {
        const field = place.get(name);
        if (field !== undefined && field !== '') return field;
      }
    }
    return undefined;
  }

  /** The text of a field, of a list its first. */
  text(names: readonly string[]): string | undefined {
    return this.texts(names)[0];
  }

  line(names: readonly string[]): string | undefined {
    const field = this.field(names);
    const text = typeof field === 'string' ? plainLine(field) : undefined;
    return text === '' ? undefined : text;
  }

  /** The texts of a list; of people and the like, their names. Jekyll parts a single text of categories at its spaces: we do not. */
  texts(names: readonly string[]): string[] {
    return textsOf(this.field(names))
      .map((text) => tidy(text).trim())
      .filter((text) => text !== '');
  }

  unread(): string[] {
    const names = [...this.#top].filter(
      ([name, field]) => !READ.has(name) && !UNSAID.has(name) && !isEmpty(field),
    );
    return names.map(([name]) => name.slice(0, 40)).slice(0, 20);
  }
}

function textsOf(field: Field | undefined): string[] {
  if (field === undefined) return [];
  if (typeof field === 'string') return [field];
  if (Array.isArray(field)) return field.flatMap((item) => textsOf(item));
  return textsOf(
    field.get('name') ?? field.get('src') ?? field.get('image') ?? field.get('url') ?? field.get('path'),
  );
}

function isEmpty(field: Field): boolean {
  return (
    field === '' || (Array.isArray(field) && field.length === 0) || (field instanceof Map && field.size === 0)
  );
}

function dateOf(
  finder: Finder,
  what: string,
  names: readonly string[],
  zone: string,
  losses: Loss[],
): string | undefined {
  const written = finder.text(names);
  if (written === undefined) return undefined;
  const read = readDate(written, zone);
  if (read === undefined)
    losses.push({ kind: 'date', message: `${what}: "${written.slice(0, 60)}" is no date` });
  else if (read.isGuess)
    losses.push({
      kind: 'date',
      message: `${what}: ${written.slice(0, 60)} names no zone that is known: taken as ${read.date}`,
    });
  return read?.date;
}

function imageOf(finder: Finder): ForeignImage | undefined {
  const address = finder.text(NAMES.image);
  if (address === undefined) return undefined;
  const field = finder.field(NAMES.image);
  const own = field instanceof Map ? field : undefined;
  return {
    address,
    ...optional('alt', textsOf(own?.get('alt'))[0] ?? finder.line(NAMES.alt)),
    ...optional('caption', textsOf(own?.get('caption'))[0] ?? finder.line(NAMES.caption)),
  };
}

/** A member, or none where there is no value. */
export function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [key in Name]: Value });
}
