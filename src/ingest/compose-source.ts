import { dump, FAILSAFE_SCHEMA } from 'js-yaml';
import { dayOf, instantOf } from '../article/calendar.ts';
import { slugify } from '../article/slug.ts';
import type { ForeignImage, ForeignPost } from './foreign-post.ts';
import type { Losses } from './losses.ts';
import { plainLine, shorten, tidy } from './plain-text.ts';

/** Characters, and numbers of things, that front matter takes. */
const LIMITS = {
  title: 500,
  words: 80,
  /** Of a text's first line, what is looked at. */
  line: 2000,
  summary: 5000,
  author: 200,
  authors: 100,
  alt: 1000,
  caption: 2000,
} as const;

/** What the source of an article is made from. */
export interface SourceDraft {
  title: string;
  /** Absent only of what is held. */
  date?: string;
  slug: string;
  categories: readonly string[];
  /** The lead image, as a path beside the source. */
  image?: { path: string } & Pick<ForeignImage, 'alt' | 'caption'>;
  body: string;
}

/** The source of an article: front matter as this program reads it, and the body. */
export function composeSource(post: ForeignPost, draft: SourceDraft, losses: Losses): string {
  const fields = {
    title: shortened('title', draft.title, LIMITS.title, losses),
    date: draft.date,
    slug: draft.slug,
    categories: [...draft.categories],
    summary:
      post.summary === undefined ? undefined : shortened('summary', post.summary, LIMITS.summary, losses),
    authors: authorsOf(post, losses),
    language: post.language,
    ...imageFields(draft, losses),
    updated: laterThan(draft.date, post.updated),
    draft: post.held === undefined ? undefined : 'true',
  };
  const said = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  const matter = dump(said, { schema: FAILSAFE_SCHEMA, lineWidth: -1, noRefs: true });
  return `---\n${matter}---\n${draft.body === '' ? '' : `\n${draft.body}`}`;
}

/** The headline of a post: its own, else the words that its text starts with, else its name. */
export function titleOf(post: ForeignPost, body: string, losses: Losses): string {
  const own = plainLine(post.title ?? '');
  if (own !== '') return own;
  const first =
    body.split('\n').find((line) => /[\p{L}\p{N}]/u.test(line) && !/^(?:!\[|```|\|)/.test(line)) ?? '';
  const words = first
    .slice(0, LIMITS.line)
    .replace(/^[\s>#*+-]+/, '')
    .replace(/!?\[((?:\\.|[^\]\\])*)\]\([^)]*\)/g, '$1')
    .replace(/\\([^\w\s])/g, '$1')
    .replace(/[*`]/g, '')
    .trim();
  const made = shorten(words || plainLine(post.name ?? '') || 'Untitled', LIMITS.words);
  losses.add('text', `it has no title: "${made}" is made from its ${words === '' ? 'name' : 'text'}`);
  return made;
}

/** The slug of a post, which is no other post's of that day: by its name, else its headline. */
export function slugOf(post: ForeignPost, title: string, isTaken: (slug: string) => boolean): string {
  const named = slugify(post.name ?? '');
  const titled = slugify(title);
  const base =
    (named.error === undefined ? named.slug : undefined) ??
    (titled.error === undefined ? titled.slug : undefined) ??
    proposalOf(post, title);
  for (let number = 2, slug = base; ; number++) {
    if (!isTaken(slug)) return slug;
    slug = `${base.slice(0, 70).replace(/-$/, '')}-${number}`;
  }
}

function proposalOf({ name }: ForeignPost, title: string): string {
  const result = slugify(name === undefined || name === '' ? title : name);
  return result.error === undefined ? result.slug : result.proposal;
}

function authorsOf({ authors }: ForeignPost, losses: Losses): string[] | undefined {
  const names = [
    ...new Set(authors.map((name) => shortened('author', plainLine(name), LIMITS.author, losses))),
  ];
  const kept = names.filter((name) => name !== '').slice(0, LIMITS.authors);
  return kept.length === 0 ? undefined : kept;
}

function imageFields({ image }: SourceDraft, losses: Losses): Record<string, string | undefined> {
  if (image === undefined) return {};
  if (image.alt === undefined) losses.add('alt', 'the lead image has no alt text: it is empty now');
  return {
    image: image.path,
    imageAlt: shorten(plainLine(image.alt ?? ''), LIMITS.alt),
    imageCaption: image.caption === undefined ? undefined : shorten(plainLine(image.caption), LIMITS.caption),
  };
}

/** Programs write a change for every save; one of the same moment or before says nothing. */
function laterThan(date: string | undefined, updated: string | undefined): string | undefined {
  if (updated === undefined || date === undefined) return updated;
  return dayOf(updated) > dayOf(date) || instantOf(updated) > instantOf(date) ? updated : undefined;
}

function shortened(name: string, text: string, limit: number, losses: Losses): string {
  if (text.length > limit) losses.add('text', `${name}: more than ${limit} characters, cut`);
  return shorten(tidy(text).replace(/\s+/g, ' ').trim(), limit);
}
