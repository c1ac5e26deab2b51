import type { Category } from '../article/document.ts';
import { escapeHtml, pageFooter, renderShell } from '../article/html.ts';
import { wordsFor } from '../article/interface-words.ts';
import { writePeriod } from '../article/languages.ts';
import { time } from '../article/page-parts.ts';
import type { Archive, CategoryState, Entry } from './archive.ts';
import type { Publication } from './publication.ts';

/** How many of the newest articles the front page and a category's page list before they lead on to the archive. */
export const LIST_LENGTH = 50;

/** Any trustless gateway answers it with everything below the page. */
const DOWNLOAD = '<a class="download" href="./?format=car" download>Download IPFS</a>';

export interface PageContext {
  publication: Publication;
  archive: Archive;
}

/** The front page of the edition: the newest articles, the categories, and the way to older ones. */
export function renderFrontPage({ publication, archive }: PageContext): string {
  const w = wordsFor(publication.language);
  const newest = archive.newest(LIST_LENGTH);
  const main = [
    `<h1>${escapeHtml(w.latest)}</h1>`,
    entryList(newest, publication.language, (entry) => `articles/${entry.id}/`),
    more('articles/', w.archive),
    section(
      w.categories,
      categoryList(archive.categories(), (slug) => `categories/${slug}/`),
    ),
  ];
  return page(publication, {
    title: publication.name,
    style: 'style.css',
    home: './',
    main: main.join('\n'),
    feed: publication.name,
    check: `<a href="verify.html">${escapeHtml(w.check)}</a>`,
  });
}

/** One level of the archive of all articles: `''`, `YYYY`, `YYYY/MM` or `YYYY/MM/DD`. */
export function renderArchivePage({ publication, archive }: PageContext, period: string): string {
  const up = '../'.repeat(depthOf(period) + 1);
  const title = `${wordsFor(publication.language).archive}${period === '' ? '' : `: ${writePeriod(period, publication.language)}`}`;
  const main = `<h1>${escapeHtml(title)}</h1>\n${periodBody(publication, archive, period)}`;
  return page(publication, {
    title: `${title} · ${publication.name}`,
    style: `${up}style.css`,
    home: up,
    main,
  });
}

/** The page of a category. It and what lies below it link only inside the category, which may be seen alone. */
export function renderCategoryPage({ publication, archive }: PageContext, category: Category): string {
  const w = wordsFor(publication.language);
  const newest = archive.newest(LIST_LENGTH, category.slug);
  const main = [
    `<h1>${escapeHtml(category.name)}</h1>`,
    entryList(newest, publication.language, (entry) => `${entry.id}/`),
    section(w.archive, periodList(archive.periods('', category.slug), publication.language)),
  ];
  const title = `${category.name} · ${publication.name}`;
  return page(publication, { title, style: 'style.css', home: './', main: main.join('\n'), feed: title });
}

/** One year or month of a category. */
export function renderCategoryArchivePage(context: PageContext, category: Category, period: string): string {
  const { publication, archive } = context;
  const up = '../'.repeat(depthOf(period));
  const title = `${category.name}: ${writePeriod(period, publication.language)}`;
  const main = `<h1>${escapeHtml(title)}</h1>\n${periodBody(publication, archive, period, category.slug)}`;
  return page(publication, {
    title: `${title} · ${publication.name}`,
    style: `${up}style.css`,
    home: up,
    main,
  });
}

/** Years and the whole archive list what is below them; months and days list their articles. */
function periodBody(publication: Publication, archive: Archive, period: string, category?: string): string {
  const { language } = publication;
  if (depthOf(period) < 2) return periodList(archive.periods(period, category), language);
  const below = `${period}/`.length;
  return entryList(archive.within(period, category), language, (entry) => `${entry.id.slice(below)}/`);
}

interface PageContent {
  title: string;
  style: string;
  home: string;
  main: string;
  /** Title of the feed that lies beside the page, where one does. */
  feed?: string;
  /** The link to the page of checks, which lies beside the front page. */
  check?: string;
}

function page(publication: Publication, { feed, check, ...content }: PageContent): string {
  const alternates =
    feed === undefined
      ? {}
      : { alternates: [{ type: 'application/feed+json', href: 'feed.json', title: feed }] };
  return renderShell({
    ...alternates,
    lang: publication.language,
    publication,
    description: publication.tagline,
    footer: pageFooter([check === undefined ? DOWNLOAD : `${DOWNLOAD} ${check}`]),
    ...content,
  });
}

function entryList(entries: readonly Entry[], language: string, href: (entry: Entry) => string): string {
  const items = entries.map((entry) => entryItem(entry, language, href(entry)));
  return `<ol class="entries">\n${items.join('\n')}\n</ol>`;
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
  const lang = entry.inLanguage === language ? '' : ` lang="${escapeHtml(entry.inLanguage)}" dir="auto"`;
  const names = entry.categories.map(({ name }) => `<span class="category">${escapeHtml(name)}</span>`);
  const meta = `<p class="meta">${time(entry.datePublished, language)} ${names.join(' ')}${correctionMark(entry, language)}</p>`;
  const summary =
    entry.description === undefined ? '' : `\n<p class="summary"${lang}>${escapeHtml(entry.description)}</p>`;
  const after = `">${escapeHtml(entry.headline)}</a></h2>\n${meta}${summary}</li>`;
  return { language, before: `<li><h2${lang}><a href="`, after };
}

function correctionMark({ corrections, status }: Entry, language: string): string {
  if (corrections === 0) return '';
  const words = wordsFor(language);
  const mark = status === 'retracted' ? words.retracted : words.kinds.correction;
  return ` <span class="corrected">${escapeHtml(mark)}</span>`;
}

function categoryList(categories: readonly CategoryState[], href: (slug: string) => string): string {
  const items = categories.map(
    ({ slug, name, count }) =>
      `<li><a href="${escapeHtml(href(slug))}">${escapeHtml(name)}</a> <span class="count">${count}</span></li>`,
  );
  return `<ul class="categories">\n${items.join('\n')}\n</ul>`;
}

function periodList(periods: readonly { period: string; count: number }[], language: string): string {
  const items = periods.map(
    ({ period, count }) =>
      `<li><a href="${period.slice(period.lastIndexOf('/') + 1)}/">${escapeHtml(writePeriod(period, language))}</a> <span class="count">${count}</span></li>`,
  );
  return `<ul class="periods">\n${items.join('\n')}\n</ul>`;
}

function depthOf(period: string): number {
  return period === '' ? 0 : period.split('/').length;
}

function section(title: string, body: string): string {
  return `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;
}

function more(href: string, label: string): string {
  return `<p class="more"><a href="${escapeHtml(href)}">${escapeHtml(label)}</a></p>`;
}
