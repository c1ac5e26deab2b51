import type { Finding } from '../errors.ts';
import { pageAddress } from './addresses.ts';
import type { ArticleDocument, BundleFile } from './document.ts';
import { escapeHtml, pageFooter, renderShell } from './html.ts';
import { fill, type InterfaceWords, wordsAttributes, wordsFor } from './interface-words.ts';
import { leadFile, MEDIA_PATH } from './lead-file.ts';
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
 */
export function renderPage(document: ArticleDocument): string {
  return renderPageWithFindings(document, { file: document.identifier, firstLine: 1 }).html;
}

/** As {@link renderPage}, with what is to be said about the body, named by the source that it comes from. */
export function renderPageWithFindings(
  document: ArticleDocument,
  source: { file: string; firstLine: number },
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
    main:
      document.status === 'retracted'
        ? retractedStory(document, words, body.html)
        : story(document, words, body.html),
    footer: colophon(document, words),
    alternates: [{ type: 'application/ld+json', href: 'article.json', title: words.record }],
    ...(canonical === undefined ? {} : { canonical }),
    metadata: articleMetadata(document),
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

function story(document: ArticleDocument, words: InterfaceWords, body: string): string {
  return [
    '<article class="story">',
    storyHead(document, words),
    correctionNotice(document, words),
    leadImage(document),
    `<div class="body">\n${body}</div>`,
    correctionsSection(document, words),
    citationsSection(document, words),
    '</article>\n',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

/** A retracted article: the notice comes before everything else; the text after it, where it is not withheld. */
function retractedStory(document: ArticleDocument, words: InterfaceWords, body: string): string {
  const text = document.withheld === undefined;
  return [
    '<article class="story">',
    retractionNotice(document, words),
    storyHead(document, words),
    text ? leadImage(document) : '',
    text ? `<div class="body">\n${body}</div>` : '',
    citationsSection(document, words),
    '</article>\n',
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function storyHead(document: ArticleDocument, words: InterfaceWords): string {
  const categories = document.categories.map(({ name }) => `<li>${escapeHtml(name)}</li>`).join('');
  const summary =
    document.description === undefined ? '' : `<p class="summary">${escapeHtml(document.description)}</p>\n`;
  return `<header>
<ul class="sections">${categories}</ul>
<h1>${escapeHtml(document.headline)}</h1>
${summary}<p class="byline"${wordsAttributes(words, document.inLanguage)}>${byline(document, words)}</p>
</header>`;
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
