import { pageAddress, pagePath } from '../../article/addresses.ts';
import { escapeHtml, renderShell } from '../../article/html.ts';
import { wordsAttributes, wordsFor } from '../../article/interface-words.ts';
import type { Look } from '../../article/look.ts';
import { OvnError } from '../../errors.ts';
import type { Entry } from '../archive.ts';
import { markedHeadline } from '../feeds/corrections.ts';
import { categoryPage } from '../layout.ts';
import type { Publication } from '../publication.ts';
import { siteWords } from '../words/words.ts';
import { siteMetadata } from './article-metadata.ts';
import { headlineList, type ListedEntry } from './lists.ts';
import { navigation } from './navigation.ts';

/** The way from an article's page to the edition's root, and to the root of its tree. */
const TOP = '../../../../';
const ARTICLES = '../../../';

/**
 * `articles/YYYY/MM/DD/<slug>.html`: an article as a part of the site. Its story and what stands below it are those of its
 * bundle's own page, whatever renderer made them, so that both show the same; its links lead into the bundle, which lies beside it.
 *
 * @param bundlePage index.html of its bundle
 * @param restyled its story, where {@link isLaidOutBy} says that its own page has it in another look
 * @throws {OvnError} `damaged` where that is no page of a bundle
 */
export function renderArticlePage(
  publication: Publication,
  entry: Entry,
  bundlePage: Uint8Array,
  related: readonly ListedEntry[],
  restyled?: string,
): Uint8Array {
  const folder = `${entry.id.slice(entry.id.lastIndexOf('/') + 1)}/`;
  const page = readBytes(bundlePage);
  const own = partOf(page, '<main>\n', '</main>', entry);
  const story = restyled === undefined ? own : byteText(restyled);
  const colophon = partOf(page, '<footer class="colophon"', '</footer>', entry);
  const frame = renderFrame(publication, entry, page, folder, related);
  // What articles say is escaped: neither mark is in it.
  const main = frame.indexOf('<main>\n') + '<main>\n'.length;
  const footer = frame.indexOf('</footer>');
  return Buffer.concat([
    Buffer.from(frame.slice(0, main)),
    Buffer.from(linkSections(intoBundle(story, folder), entry), 'latin1'),
    Buffer.from(frame.slice(main, footer)),
    Buffer.from(intoBundle(colophon, folder), 'latin1'),
    Buffer.from(frame.slice(footer)),
  ]);
}

/** A page whose bytes are searched and cut as a text with a character for each, which takes a third of the time. */
function readBytes(page: Uint8Array): string {
  return Buffer.from(page.buffer, page.byteOffset, page.length).toString('latin1');
}

/** A text in that form. */
function byteText(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** Bytes in which an article begins, and the theme that laid it out is named. */
const BEGINNING = 200;

/** Whether the story of a bundle's page is laid out as a look has it. */
export function isLaidOutBy(look: Look | undefined, bundlePage: Uint8Array): boolean {
  const page = readBytes(bundlePage);
  const from = page.indexOf('<main>\n');
  const start = page.slice(from, from + BEGINNING);
  const [, theme] = /^<main>\n<article class="story" data-theme="([a-z0-9]+)">/.exec(start) ?? [];
  return theme === (look?.article === undefined ? undefined : look.theme);
}

/** All of a page but the story and its colophon. */
function renderFrame(
  publication: Publication,
  entry: Entry,
  bundlePage: string,
  folder: string,
  related: readonly ListedEntry[],
): string {
  const canonical = pageAddress(entry.id, publication);
  const { inLanguage, description = '' } = entry;
  return renderShell({
    lang: inLanguage,
    title: `${markedHeadline(entry)} – ${publication.name}`,
    description,
    style: `${TOP}style.css`,
    publication,
    look: publication.look,
    home: TOP,
    navigation: navigation(TOP, undefined, publication.language, inLanguage),
    main: `${copyBox(entry, folder)}${relatedList(related, inLanguage)}`,
    footer: '<footer class="colophon"</footer>',
    alternates: [
      { type: 'application/ld+json', href: `${folder}article.json`, title: wordsFor(inLanguage).record },
      { type: 'application/atom+xml', href: `${TOP}feed.atom`, title: publication.name },
      { type: 'application/feed+json', href: `${TOP}feed.json`, title: publication.name },
    ],
    ...(canonical === undefined ? {} : { canonical }),
    metadata: siteMetadata(publication, entry, bundlePage, folder),
  });
}

/** What stands between two marks of a page. */
function partOf(page: string, open: string, close: string, { id, cid }: Entry): string {
  const from = page.indexOf(open);
  const to = page.indexOf(close, from);
  if (from === -1 || to === -1) throw new OvnError('damaged', `the page of ${id} (${cid}) is none of ours`);
  return page.slice(from + open.length, to);
}

const REFERENCE = / (src|href|srcset)="([^"]*)"/g;
/** A reference to a file of the bundle. */
const INSIDE = /^(?:\.\/)?(?=media\/|changes\.html|article\.json|\?format=car)/;

/** Without any of these there is no such reference. */
const MARKS = ['="media/', '="changes.html"', '="article.json"', '="./?format=car"'];

/** Leads what a bundle's page shows and links inside the bundle to the same files, from beside it. Text has no `"` in it. */
function intoBundle(html: string, folder: string): string {
  if (!MARKS.some((mark) => html.includes(mark))) return html;
  return html.replace(REFERENCE, (_, name: string, value: string) => {
    const references = name === 'srcset' ? value.split(', ') : [value];
    return ` ${name}="${references.map((each) => each.replace(INSIDE, folder)).join(', ')}"`;
  });
}

const SECTIONS = '<ul class="sections">';

/** The names of its categories lead to their pages. A theme may lay them out anywhere. */
function linkSections(story: string, { categories }: Entry): string {
  const from = story.indexOf(SECTIONS);
  const to = story.indexOf('</ul>', from);
  if (from === -1 || to === -1) return story;
  const items = categories.map(
    ({ slug, name }) => `<li><a href="${TOP}categories/${categoryPage(slug)}">${escapeHtml(name)}</a></li>`,
  );
  return `${story.slice(0, from)}${SECTIONS}${byteText(items.join(''))}${story.slice(to)}`;
}

/** Leads to the bundle, which nobody can change, and to what checks it. */
function copyBox({ id, cid, inLanguage }: Entry, folder: string): string {
  const words = siteWords(inLanguage);
  const check = `<a href="${TOP}verify.html#what=${id}">${escapeHtml(words.checkArticle)}</a>`;
  return `<aside class="copy" aria-labelledby="ovn-copy"${wordsAttributes(words, inLanguage)}>
<h2 id="ovn-copy">${escapeHtml(words.permanentCopy)}</h2>
<p><a href="${folder}"><code>${cid}</code></a></p>
<p>${escapeHtml(words.permanentText)} ${check}</p>
</aside>
`;
}

function relatedList(related: readonly ListedEntry[], language: string): string {
  if (related.length === 0) return '';
  const words = siteWords(language);
  const list = headlineList(related, language, ({ id }) => `${ARTICLES}${pagePath(id)}`);
  const heading = `<h2 id="ovn-related"${wordsAttributes(words, language)}>${escapeHtml(words.related)}</h2>`;
  return `<nav class="related" aria-labelledby="ovn-related">\n${heading}\n${list}\n</nav>\n`;
}
