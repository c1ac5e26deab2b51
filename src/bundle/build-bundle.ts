import type { Article } from '../article/article.ts';
import { CHANGES_PATH, maySeeChanges, renderChanges } from '../article/changes-page.ts';
import type { ArticleDocument, BundleFile, Correction, PublicationReference } from '../article/document.ts';
import { isWordless } from '../article/languages.ts';
import type { Look } from '../article/look.ts';
import { PAGE_TEMPLATE, renderPageWithFindings } from '../article/page.ts';
import { wordCount } from '../article/words.ts';
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
  /** The revision before: CID of its bundle, and its article.json. */
  previous?: PreviousRevision;
  media: readonly BundleMedia[];
  style: SharedFile;
  /** Of the theme that the style is of; absent where that is the built-in one. */
  look?: Look | undefined;
  /** The directory with all versions of the masthead so far. */
  masthead: Link;
}

export interface PreviousRevision {
  cid: string;
  document: ArticleDocument;
}

export interface Bundle {
  document: ArticleDocument;
  link: Link;
  blocks: Block[];
  /** Bytes of index.html. */
  page: Uint8Array;
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
  const { article, source } = input;
  const alone = draftDocument(input);
  const changes = await addChanges(alone, input, sink);
  const draft = changes === undefined ? alone : withFile(alone, changes.file);
  const place = { file: source, firstLine: article.bodyLine };
  const { html, findings } = renderPageWithFindings(draft, place, input.look);
  const page = Buffer.from(html, 'utf8');
  const pageLink = await addFile(page, sink);
  const signed = sign({
    ...draft,
    files: [...draft.files, ...renderedFiles(input, pageLink, page.length)].sort(byPath),
  });
  const json = await addFile(signed.bytes, sink);
  const link = await addDirectory(
    await bundleEntries(input, { json, page: pageLink, changes: changes?.link }, sink),
    sink,
  );
  return { document: signed.document, link, blocks, page, warnings: findings };
}

/** The page of differences to the revision before, where there is one and they may be shown. */
async function addChanges(
  draft: ArticleDocument,
  { previous, look }: BundleInput,
  sink: (block: Block) => void,
): Promise<{ file: BundleFile; link: Link } | undefined> {
  if (previous === undefined || !maySeeChanges(previous.document, draft)) return undefined;
  const bytes = Buffer.from(renderChanges(previous.document, draft, look), 'utf8');
  const link = await addFile(bytes, sink);
  const file = { path: CHANGES_PATH, cid: link.cid.toString(), size: bytes.length, type: 'text/html' };
  return { link, file: { ...file, role: 'changes' } };
}

function withFile(draft: ArticleDocument, file: BundleFile): ArticleDocument {
  return { ...draft, files: [...draft.files, file].sort(byPath) };
}

/** article.json as the page is rendered from: without proof, and with no files but the media. */
function draftDocument(input: BundleInput): ArticleDocument {
  const { article, revision, media } = input;
  const common = draftCommon(input);
  if (article.retraction?.withhold) return { ...common, ...withheldMembers(article, revision) };
  return {
    ...common,
    ...(article.description === undefined ? {} : { description: article.description }),
    ...(article.authors.length === 0 ? {} : { author: article.authors.map(asPerson) }),
    articleBody: article.body,
    ...(isWordless(article.inLanguage) ? {} : { wordCount: wordCount(article.body) }),
    ...(article.citations.length === 0 ? {} : { citation: article.citations }),
    ...(article.license === undefined ? {} : { license: article.license }),
    ...(article.corrections.length === 0 ? {} : { correction: article.corrections }),
    files: media.map((item) => item.file).sort(byPath),
  };
}

/** What is left of an article whose text is withheld: of its corrections, those that say why. */
function withheldMembers(
  { corrections }: Article,
  revision: number,
): { correction: Correction[]; withheld: number[] } {
  return {
    correction: corrections.filter(({ kind }) => kind === 'retraction'),
    withheld: Array.from({ length: revision - 1 }, (_, at) => at + 1),
  };
}

/** What every revision has, whatever became of it. */
function draftCommon({ article, publication, revision, previous, look }: BundleInput): ArticleDocument {
  return {
    '@context': ARTICLE_CONTEXT,
    '@type': 'NewsArticle',
    format: 'ovn-article/1',
    template: PAGE_TEMPLATE,
    ...(look === undefined ? {} : { theme: look.theme }),
    publication,
    identifier: article.id,
    revision,
    ...(previous === undefined ? {} : { previous: previous.cid }),
    status: article.retraction === undefined ? 'published' : 'retracted',
    headline: article.headline,
    articleSection: article.categories.map((category) => category.name),
    categories: article.categories,
    datePublished: article.datePublished,
    dateModified: article.dateModified,
    inLanguage: article.inLanguage,
    encodingFormat: 'text/markdown',
    articleBody: '',
    files: [],
  };
}

function asPerson(name: string): { '@type': 'Person'; name: string } {
  return { '@type': 'Person', name };
}

/** What `files` says of the page and its style. */
export function renderedFiles(
  { style }: Pick<BundleInput, 'style'>,
  page: Link,
  pageSize: number,
): BundleFile[] {
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
  ];
}

async function bundleEntries(
  { masthead, media, style }: BundleInput,
  { json, page, changes }: { json: Link; page: Link; changes: Link | undefined },
  sink: (block: Block) => void,
): Promise<DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [
    { name: 'article.json', ...json },
    { name: 'index.html', ...page },
    { name: 'masthead', ...masthead },
    { name: 'style.css', ...style.link },
  ];
  if (changes !== undefined) entries.push({ name: CHANGES_PATH, ...changes });
  if (media.length > 0) {
    const files = media.map(({ file, link }) => ({ name: file.path.slice('media/'.length), ...link }));
    entries.push({ name: 'media', ...(await addDirectory(files, sink)) });
  }
  return entries;
}

function byPath(a: BundleFile, b: BundleFile): number {
  return a.path < b.path ? -1 : 1;
}
