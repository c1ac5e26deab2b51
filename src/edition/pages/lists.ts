import { latestDate } from '../../article/calendar.ts';
import { escapeHtml } from '../../article/html.ts';
import { fill, wordsAttributes, wordsFor } from '../../article/interface-words.ts';
import { writePeriod } from '../../article/languages.ts';
import { time } from '../../article/page-parts.ts';
import type { CategoryState, Entry } from '../archive.ts';
import { siteWords } from '../words/words.ts';

/** How many of the newest articles a page lists before it leads on to the archive. */
export const LIST_LENGTH = 20;

/** Of which day a list is: of the last change among its articles. */
export function asOf(entries: readonly Entry[], language: string): string {
  const last = latestDate(entries.map(({ dateModified }) => dateModified));
  if (last === undefined) return '';
  const words = siteWords(language);
  const text = fill(words.asOf, { date: time(last, language) });
  return `<p class="meta as-of"${wordsAttributes(words, language)}>${text}</p>\n`;
}

/** Articles, each with its headline, date, categories and summary. */
export function entryList(
  entries: readonly Entry[],
  language: string,
  href: (entry: Entry) => string,
): string {
  const items = entries.map((entry) => entryItem(entry, language, href(entry)));
  return `<ol class="entries">\n${items.join('\n')}\n</ol>`;
}

/** A list that is rewritten with every article: its first `most` entries with their summaries, the others by their headlines. */
export function newestList(
  entries: readonly Entry[],
  most: number,
  language: string,
  href: (entry: Entry) => string,
): string {
  const told = entryList(entries.slice(0, most), language, href);
  const others = entries.slice(most);
  return others.length === 0 ? told : `${told}\n${headlineList(others, language, href)}`;
}

/** What of an entry's item is the same on every page that lists it: all but the address. */
interface ItemParts {
  language: string;
  before: string;
  after: string;
}

/** An article is listed on the pages of its day, its month, and of each of its categories. */
const itemParts = new WeakMap<Entry, ItemParts>();

function entryItem(entry: Entry, language: string, href: string): string {
  let parts = itemParts.get(entry);
  if (parts === undefined || parts.language !== language) {
    parts = writeItem(entry, language);
    itemParts.set(entry, parts);
  }
  return parts.before + escapeHtml(href) + parts.after;
}

function writeItem(entry: Entry, language: string): ItemParts {
  const lang = languageOf(entry, language);
  const names = entry.categories.map(({ name }) => `<span class="category">${escapeHtml(name)}</span>`);
  const meta = `<p class="meta">${time(entry.datePublished, language)} ${names.join(' ')}${correctionMark(entry, language)}</p>`;
  const summary =
    entry.description === undefined ? '' : `\n<p class="summary"${lang}>${escapeHtml(entry.description)}</p>`;
  const after = `">${escapeHtml(entry.headline)}</a></h2>\n${meta}${summary}</li>`;
  return { language, before: `<li><h2${lang}><a href="`, after };
}

/** Attributes of a text of the article on a page in another language. */
export function languageOf({ inLanguage }: Pick<Entry, 'inLanguage'>, language: string): string {
  return inLanguage === language ? '' : ` lang="${escapeHtml(inLanguage)}" dir="auto"`;
}

/** An article that was only made clearer or went on is not marked as one that was wrong. */
const GRAVITY = ['correction', 'clarification', 'update'] as const;

function correctionMark({ notices, status }: ListedEntry, language: string): string {
  if (notices.length === 0 && status !== 'retracted') return '';
  const words = wordsFor(language);
  const gravest = GRAVITY.find((kind) => notices.some((notice) => notice.kind === kind)) ?? 'correction';
  const mark = status === 'retracted' ? words.retracted : words.kinds[gravest];
  return ` <span class="corrected">${escapeHtml(mark)}</span>`;
}

/** Categories, each with the number of its articles. */
export function categoryList(categories: readonly CategoryState[], href: (slug: string) => string): string {
  const items = categories.map(
    ({ slug, name, count }) =>
      `<li><a href="${escapeHtml(href(slug))}"><bdi>${escapeHtml(name)}</bdi></a> <span class="count">${count}</span></li>`,
  );
  return `<ul class="categories">\n${items.join('\n')}\n</ul>`;
}

/** Years, months or days, each with the number of what it holds; `before` and `after` its name in their addresses. */
export function periodList(
  periods: readonly { period: string; count: number }[],
  language: string,
  before = '',
  after = '/',
): string {
  const items = periods.map(({ period, count }) => {
    const href = before + period.slice(period.lastIndexOf('/') + 1) + after;
    return `<li><a href="${escapeHtml(href)}">${escapeHtml(writePeriod(period, language))}</a> <span class="count">${count}</span></li>`;
  });
  return `<ul class="periods">\n${items.join('\n')}\n</ul>`;
}

/** What a list of headlines shows of an article. */
export type ListedEntry = Pick<
  Entry,
  'id' | 'headline' | 'datePublished' | 'inLanguage' | 'status' | 'notices'
>;

/** Headlines and dates alone. */
export function headlineList<E extends ListedEntry>(
  entries: readonly E[],
  language: string,
  href: (entry: E) => string,
): string {
  return headlines(entries, language, href, ({ datePublished }) => {
    return ` <span class="meta">${time(datePublished, language)}</span>`;
  });
}

/** Headlines alone. */
export function bareList<E extends ListedEntry>(
  entries: readonly E[],
  language: string,
  href: (entry: E) => string,
): string {
  return headlines(entries, language, href, () => '');
}

function headlines<E extends ListedEntry>(
  entries: readonly E[],
  language: string,
  href: (entry: E) => string,
  after: (entry: E) => string,
): string {
  const items = entries.map((entry) => {
    const link = `<a href="${escapeHtml(href(entry))}"${languageOf(entry, language)}>${escapeHtml(entry.headline)}</a>`;
    // Nobody may take a headline for true that was taken back.
    const mark = entry.status === 'retracted' ? correctionMark(entry, language) : '';
    return `<li>${link}${mark}${after(entry)}</li>`;
  });
  return `<ul class="headlines">\n${items.join('\n')}\n</ul>`;
}

/** A part of a page under a heading of its own. */
export function section(title: string, body: string, name?: string): string {
  const attribute = name === undefined ? '' : ` class="${name}"`;
  return `<section${attribute}>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;
}

/** Leads on to more of the same. */
export function more(href: string, label: string): string {
  return `<p class="more"><a href="${escapeHtml(href)}">${escapeHtml(label)}</a></p>`;
}
