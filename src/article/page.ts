import type { Finding } from '../errors.ts';
import { pageAddress } from './addresses.ts';
import type { ArticleDocument, BundleFile } from './document.ts';
import { escapeHtml, pageFooter, renderShell } from './html.ts';
import { fill, type InterfaceWords, wordsAttributes, wordsFor } from './interface-words.ts';
import { leadFile, MEDIA_PATH } from './lead-file.ts';
import type { ArticleParts, Look } from './look.ts';
import { renderBody } from './markdown.ts';
import { articleMetadata } from './page-metadata.ts';
import {
  citationsSection,
  correctionNotice,
  correctionsSection,
  licenseLine,
  retractionNotice,
  time,
} from './page-parts.ts';
import { pageImage, sizeAttributes } from './picture.ts';

/** Number of the template that {@link renderPage} writes; raised only when rendered bytes change. */
export const PAGE_TEMPLATE = 2;

/**
 * index.html of a bundle: a pure function of article.json without its proof, so that everybody can make it anew. The body's
 * references are answered by `files[].source`.
 *
 * @param look of its theme, where it has one.
 */
export function renderPage(document: ArticleDocument, look?: Look): string {
  return renderPageWithFindings(document, { file: document.identifier, firstLine: 1 }, look).html;
}

/** As {@link renderPage}, with what is to be said about the body, named by the source that it comes from. */
export function renderPageWithFindings(
  document: ArticleDocument,
  source: { file: string; firstLine: number },
  look?: Look,
): { html: string; findings: Finding[] } {
  const words = wordsFor(document.inLanguage);
  const body =
    document.withheld === undefined ? renderDocumentBody(document, source) : { html: '', findings: [] };
  const canonical = pageAddress(document.identifier, document.publication);
  const html = renderShell({
    lang: document.inLanguage,
    title: `${document.headline} – ${document.publication.name}`,
    description: document.description ?? '',
    style: 'style.css',
    publication: document.publication,
    main: story(document, words, body.html, look),
    footer: colophon(document, words),
    alternates: [{ type: 'application/ld+json', href: 'article.json', title: words.record }],
    ...(canonical === undefined ? {} : { canonical }),
    metadata: articleMetadata(document),
    look,
  });
  return { html, findings: body.findings };
}

function renderDocumentBody(document: ArticleDocument, source: { file: string; firstLine: number }) {
  const media = mediaOf(document.files);
  return renderBody(document.articleBody, {
    resolveMedia: (reference) => media.byReference.get(reference)?.path,
    image: (path) => {
      const file = media.byPath.get(path);
      return file === undefined ? undefined : pageImage(file, media.variants);
    },
    file: source.file,
    firstLine: source.firstLine,
    language: document.inLanguage,
  });
}

/** Maps, because references are names that an article chose. */
function mediaOf(files: readonly BundleFile[]): {
  byReference: Map<string, BundleFile>;
  byPath: Map<string, BundleFile>;
  variants: BundleFile[];
} {
  const byReference = new Map<string, BundleFile>();
  const byPath = new Map<string, BundleFile>();
  const variants: BundleFile[] = [];
  for (const file of files) {
    if (file.role !== 'image' || !MEDIA_PATH.test(file.path)) continue;
    byPath.set(file.path, file);
    if (file.variantOf !== undefined) variants.push(file);
    for (const reference of file.source ?? []) byReference.set(reference, file);
  }
  return { byReference, byPath, variants };
}

/** `<article>` alone, as {@link renderPage} has it: for pages that show the article in another look than its own. */
export function renderStory(document: ArticleDocument, look?: Look): string {
  const body =
    document.withheld === undefined ? renderDocumentBody(document, { file: '', firstLine: 1 }).html : '';
  return story(document, wordsFor(document.inLanguage), body, look);
}

/** What an `<article>` begins with: by which theme it is laid out. */
function openStory(look: Look | undefined): string {
  return look?.article === undefined
    ? '<article class="story">\n'
    : `<article class="story" data-theme="${look.theme}">\n`;
}

function story(
  document: ArticleDocument,
  words: InterfaceWords,
  body: string,
  look: Look | undefined,
): string {
  const parts = partsOf(document, words, body);
  const inside = look?.article === undefined ? builtIn(parts) : look.article(parts, document);
  return `${openStory(look)}${inside}\n</article>\n`;
}

/** Of a retracted article the notice comes before everything else, and the text after it, where it is not withheld. */
function partsOf(document: ArticleDocument, words: InterfaceWords, body: string): ArticleParts {
  const { headline, description, categories, inLanguage, withheld } = document;
  const isRetracted = document.status === 'retracted';
  const names = categories.map(({ name }) => `<li>${escapeHtml(name)}</li>`).join('');
  return {
    retraction: isRetracted ? retractionNotice(document, words) : '',
    categories: `<ul class="sections">${names}</ul>`,
    headline: `<h1>${escapeHtml(headline)}</h1>`,
    summary: description === undefined ? '' : `<p class="summary">${escapeHtml(description)}</p>`,
    byline: `<p class="byline"${wordsAttributes(words, inLanguage)}>${byline(document, words)}</p>`,
    notice: isRetracted ? '' : correctionNotice(document, words),
    picture: withheld === undefined ? leadImage(document) : '',
    body: withheld === undefined ? `<div class="body">\n${body}</div>` : '',
    corrections: isRetracted ? '' : correctionsSection(document, words),
    sources: citationsSection(document, words),
  };
}

function builtIn({ categories, headline, summary, byline, ...parts }: ArticleParts): string {
  const head = `<header>\n${join([categories, headline, summary, byline])}\n</header>`;
  const { retraction, notice, picture, body, corrections, sources } = parts;
  return join([retraction, head, notice, picture, body, corrections, sources]);
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}

function byline(document: ArticleDocument, words: InterfaceWords): string {
  const { author = [], datePublished, dateModified, inLanguage } = document;
  const parts = [time(datePublished, inLanguage)];
  if (author.length > 0) {
    const names = author.map(({ name }) => escapeHtml(name)).join(words.separator);
    parts.unshift(`<span class="authors">${fill(words.by, { names })}</span>`);
  }
  if (dateModified !== datePublished)
    parts.push(fill(words.updated, { date: time(dateModified, inLanguage) }));
  return parts.join(' · ');
}

function leadImage(document: ArticleDocument): string {
  const file = leadFile(document);
  if (file === undefined) return '';
  const size = sizeAttributes(pageImage(file, mediaOf(document.files).variants));
  const image = `<img src="${file.path}" alt="${escapeHtml(file.alt ?? '')}"${size} decoding="async">`;
  const credit = file.credit === undefined ? '' : `<span class="credit">${escapeHtml(file.credit)}</span>`;
  const caption = [escapeHtml(file.caption ?? ''), credit].filter((part) => part !== '').join(' ');
  return `<figure class="lead">\n${image}${caption === '' ? '' : `\n<figcaption>${caption}</figcaption>`}\n</figure>`;
}

function colophon(document: ArticleDocument, words: InterfaceWords): string {
  const { identifier, revision, publication, license } = document;
  const command = '<code>ovn verify</code>';
  const paragraphs = [
    `<a class="download" href="./?format=car" download>Download IPFS</a> <a href="article.json">${words.record}</a>`,
    fill(words.verify, { command }),
    `${words.article} <code>${escapeHtml(identifier)}</code> · ${words.revision} ${revision} · ${words.publication} <code>${escapeHtml(publication.id)}</code>`,
  ];
  if (license !== undefined) paragraphs.unshift(licenseLine(license, words));
  return pageFooter(paragraphs, wordsAttributes(words, document.inLanguage));
}
