import { nameOfFile } from '../article/slug.ts';
import { OvnError } from '../errors.ts';
import { type Fields, readFrontMatter } from './foreign-front-matter.ts';
import type { ForeignPost, LeftOut } from './foreign-post.ts';
import { isAhead, type ReadAt } from './held-by.ts';
import { Losses } from './losses.ts';
import { tidy } from './plain-text.ts';
import { optional, type PostFields, postFields } from './post-fields.ts';
import { readDate } from './read-date.ts';
import type { SiteAddress } from './site-address.ts';
import { withoutTemplates } from './templates.ts';

/** A file of a folder. */
export interface FolderFile {
  /** Below the folder, with `/`. */
  path: string;
  text: string;
}

export interface FolderOptions extends ReadAt {
  /** Also what is no post: pages without a date in name or front matter. */
  pages: boolean;
  /** Only what lies in `_posts` and `_drafts` is a post: the folder is one of Jekyll. */
  isJekyll: boolean;
  address: SiteAddress;
  /** The settings of the site, which templates may write out. */
  settings: Fields;
  /** Filled with where each text stood, where it is known. */
  sites: Map<string, string>;
}

/** Characters. */
const TEXT_LIMIT = 4 * 1024 * 1024;
const DATE_IN_NAME = /(?:^|\/)(\d{4}-\d{2}-\d{2})[-_ ][^/]*$/;
const DATE_IN_PATH = /(?:^|\/)(\d{4})\/(\d{2})\/(\d{2})\//;
const LANGUAGE_IN_NAME = /\.([a-z]{2}(?:-[a-z]{2})?)$/i;
/** Folders that say what lies in them, not what it is about. */
const NO_SECTION = new Set(
  'content posts post _posts _drafts blog blogs articles article src pages docs site source news-posts en'.split(
    ' ',
  ),
);

/**
 * A post of a folder for Hugo, Jekyll, Zola or Eleventy, or why it is none.
 *
 * @throws OvnError `malformed`, `limit` for a front matter that cannot be read.
 */
export function folderPost(file: FolderFile, options: FolderOptions): ForeignPost | LeftOut {
  const rule = (reason: string): LeftOut => ({ origin: file.path, why: 'rule', reason });
  if (/(?:^|\/)_index\.[a-z.-]+$/i.test(file.path)) return rule('it is the page of a section');
  const isPost = !options.isJekyll || /(?:^|\/)_(?:posts|drafts)\//.test(file.path);
  if (!isPost && !options.pages) return rule('it is a page (see --pages)');
  const read = readFrontMatter(tidy(file.text.replace(/^\ufeff/, '')));
  if (read === undefined) return rule('it has no front matter');
  const fields = postFields(read.fields, options);
  const date =
    fields.date ??
    dateOfPath(file.path) ??
    dateOfPath(fields.path ?? '') ??
    (options.pages ? fields.updated : undefined);
  if (date === undefined && !isDraft(file.path))
    return rule(options.pages ? 'it has no date' : 'it has no date: a page (see --pages)');
  return post(file, fields, date, read.body, options);
}

/** An address that the program that made the site fills in: `/:categories/:title/`, `/{{ page.date }}/`. */
const PATTERN = /[:{]/;

function post(
  { path }: FolderFile,
  { slug, ...fields }: PostFields,
  date: string | undefined,
  written: string,
  { address: { base, root }, settings, sites, now }: FolderOptions,
): ForeignPost {
  const losses = new Losses();
  losses.addAll(fields.losses);
  const text = withoutTemplates(written, losses, { settings, root });
  if (text.length > TEXT_LIMIT)
    throw new OvnError('limit', 'its text is too long when settings are written out');
  const named = nameOfFile(path);
  const site =
    base === undefined || fields.path === undefined || PATTERN.test(fields.path)
      ? null
      : URL.parse(`./${fields.path.replace(/^\/+/, '')}`, base);
  if (site !== null) sites.set(path, site.href);
  const language = LANGUAGE_IN_NAME.exec(named)?.[1];
  const bare = language === undefined ? named : named.slice(0, -language.length - 1);
  return {
    ...fields,
    origin: path,
    ...optional('date', date),
    name: slug ?? (bare === 'index' ? nameOfFile(path.replace(/\/[^/]*$/, '/index.md')) : bare),
    ...optional('language', fields.language ?? language),
    ...optional('section', sectionOf(path)),
    ...optional('held', fields.held ?? heldByPlace(path, date, now)),
    body: {
      format: /\.html?$/i.test(path) ? 'html' : 'markdown',
      text,
      folder: path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '',
      ...optional('base', base),
      root,
      pages: sites,
    },
    losses: losses.list(),
  };
}

function heldByPlace(path: string, date: string | undefined, now: number): string | undefined {
  if (isDraft(path)) return 'it lies among the drafts';
  return date !== undefined && isAhead(date, { now }) ? `it is scheduled: date: ${date}` : undefined;
}

function isDraft(path: string): boolean {
  return /(?:^|\/)_drafts\//.test(path);
}

function dateOfPath(path: string): string | undefined {
  const named =
    DATE_IN_NAME.exec(path)?.[1] ?? DATE_IN_NAME.exec(path.replace(/\/index\.[a-z.-]+$/i, ''))?.[1];
  if (named !== undefined) return readDate(named, 'Z')?.date;
  const [, year, month, day] = DATE_IN_PATH.exec(path) ?? [];
  return year === undefined ? undefined : readDate(`${year}-${month}-${day}`, 'Z')?.date;
}

/** The last folder above a post that says what it is about. */
function sectionOf(path: string): string | undefined {
  const folders = path.split('/').slice(0, -1);
  const own = /\/index\.[a-z.-]+$/i.test(path) ? folders.slice(0, -1) : folders;
  const named = own.filter((name) => !NO_SECTION.has(name.toLowerCase()) && !/^\d+$/.test(name));
  const last = named.at(-1);
  return last === undefined || DATE_IN_NAME.test(last) ? undefined : last.replace(/[-_]+/g, ' ');
}
