import type { Article } from '../article/article.ts';
import type { ArticleDocument, BundleFile, PublicationReference } from '../article/document.ts';
import { PAGE_TEMPLATE, renderPageWithFindings } from '../article/page.ts';
import type { Finding } from '../errors.ts';
import type { Block, Link } from '../unixfs/block.ts';
import { addDirectory, type DirectoryEntry } from '../unixfs/directory.ts';
import { addFile } from '../unixfs/file.ts';

export const ARTICLE_CONTEXT = ['https://schema.org', 'https://w3id.org/security/data-integrity/v2'] as const;

/** A picture that has been checked, cleaned and stored: what article.json says of it, and where its blocks are. */
export interface BundleMedia {
  file: BundleFile;
  link: Link;
}

/** A file that every bundle of a theme shares. */
export interface SharedFile {
  link: Link;
  /** Bytes of the file itself. */
  size: number;
}

export interface BundleInput {
  article: Article;
  /** The source's name, for warnings. */
  source: string;
  publication: PublicationReference;
  revision: number;
  /** CID of the bundle of the revision before. */
  previous?: string;
  media: readonly BundleMedia[];
  style: SharedFile;
  /** The directory with all versions of the masthead so far. */
  masthead: Link;
}

export interface Bundle {
  document: ArticleDocument;
  link: Link;
  blocks: Block[];
  /** What the page could not show as the source has it. */
  warnings: Finding[];
}

/** Signs a document: returns it with its `proof`, and as the canonical bytes that are stored. */
export type SignArticle = (document: ArticleDocument) => { document: ArticleDocument; bytes: Uint8Array };

/**
 * Makes one revision of one article: article.json, index.html and the directory that binds them to the shared
 * style sheet, the media and the masthead. The result depends on nothing but the arguments.
 */
export async function buildBundle(input: BundleInput, sign: SignArticle): Promise<Bundle> {
  const blocks: Block[] = [];
  const sink = (block: Block): void => void blocks.push(block);
  const draft = draftDocument(input);
  const { article, source } = input;
  const { html, findings } = renderPageWithFindings(draft, { file: source, firstLine: article.bodyLine });
  const page = Buffer.from(html, 'utf8');
  const pageLink = await addFile(page, sink);
  const signed = sign({ ...draft, files: listFiles(input, pageLink, page.length) });
  const json = await addFile(signed.bytes, sink);
  const link = await addDirectory(await bundleEntries(input, json, pageLink, sink), sink);
  return { document: signed.document, link, blocks, warnings: findings };
}

/** article.json as the page is rendered from: without proof, and with no file but the media. */
function draftDocument({ article, publication, revision, previous, media }: BundleInput): ArticleDocument {
  return {
    '@context': ARTICLE_CONTEXT,
    '@type': 'NewsArticle',
    format: 'ovn-article/1',
    template: PAGE_TEMPLATE,
    publication,
    identifier: article.id,
    revision,
    ...(previous === undefined ? {} : { previous }),
    status: 'published',
    headline: article.headline,
    ...(article.description === undefined ? {} : { description: article.description }),
    articleSection: article.categories.map((category) => category.name),
    categories: article.categories,
    ...(article.authors.length === 0 ? {} : { author: article.authors.map(asPerson) }),
    datePublished: article.datePublished,
    dateModified: article.dateModified,
    inLanguage: article.inLanguage,
    encodingFormat: 'text/markdown',
    articleBody: article.body,
    ...(article.wordCount === undefined ? {} : { wordCount: article.wordCount }),
    ...(article.citations.length === 0 ? {} : { citation: article.citations }),
    ...(article.license === undefined ? {} : { license: article.license }),
    ...(article.corrections.length === 0 ? {} : { correction: article.corrections }),
    files: media.map((item) => item.file).sort(byPath),
  };
}

function asPerson(name: string): { '@type': 'Person'; name: string } {
  return { '@type': 'Person', name };
}

function listFiles(input: BundleInput, page: Link, pageSize: number): BundleFile[] {
  const { style } = input;
  return [
    {
      path: 'index.html',
      cid: page.cid.toString(),
      size: pageSize,
      type: 'text/html',
      role: 'page',
    } as const,
    {
      path: 'style.css',
      cid: style.link.cid.toString(),
      size: style.size,
      type: 'text/css',
      role: 'style',
    } as const,
    ...input.media.map((item) => item.file),
  ].sort(byPath);
}

async function bundleEntries(
  { masthead, media, style }: BundleInput,
  json: Link,
  page: Link,
  sink: (block: Block) => void,
): Promise<DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [
    { name: 'article.json', ...json },
    { name: 'index.html', ...page },
    { name: 'masthead', ...masthead },
    { name: 'style.css', ...style.link },
  ];
  if (media.length > 0) {
    const files = media.map(({ file, link }) => ({ name: file.path.slice('media/'.length), ...link }));
    entries.push({ name: 'media', ...(await addDirectory(files, sink)) });
  }
  return entries;
}

function byPath(a: BundleFile, b: BundleFile): number {
  return a.path < b.path ? -1 : 1;
}
