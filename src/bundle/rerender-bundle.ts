import { CHANGES_PATH } from '../article/changes-page.ts';
import type { ArticleDocument, PublicationReference } from '../article/document.ts';
import type { Look } from '../article/look.ts';
import { PAGE_TEMPLATE, renderPage } from '../article/page.ts';
import type { Block, Link } from '../unixfs/block.ts';
import { addDirectory, type DirectoryEntry } from '../unixfs/directory.ts';
import { addFile } from '../unixfs/file.ts';
import { type Bundle, renderedFiles, type SharedFile, type SignArticle } from './build-bundle.ts';
import { isRendered } from './same-article.ts';

/** How pages are made now. */
export interface Rendering {
  publication: PublicationReference;
  style: SharedFile;
  look?: Look | undefined;
}

/** A published revision, as it is stored. */
export interface StoredBundle {
  cid: string;
  document: ArticleDocument;
  /** Its directory. */
  entries: readonly DirectoryEntry[];
}

/** Whether a published revision would have another page, or another style, if it were made now. */
export function wouldLookOther(document: ArticleDocument, page: Uint8Array, rendering: Rendering): boolean {
  const style = document.files.find(({ role }) => role === 'style');
  if (style?.cid !== rendering.style.link.cid.toString()) return true;
  return !Buffer.from(renderPage(renderedAnew(document, rendering), rendering.look), 'utf8').equals(page);
}

/**
 * Makes the next revision of a published article: the same article, as its page is made now. A page of differences that there was is
 * kept: of what was changed without a reason nothing else on the page tells.
 *
 * @param masthead the directory with all versions so far.
 */
export async function rerenderBundle(
  before: StoredBundle,
  rendering: Rendering & { masthead: Link },
  sign: SignArticle,
): Promise<Bundle> {
  const blocks: Block[] = [];
  const sink = (block: Block): void => void blocks.push(block);
  const draft = { ...renderedAnew(before.document, rendering), previous: before.cid };
  draft.revision += 1;
  const page = Buffer.from(renderPage(draft, rendering.look), 'utf8');
  const pageLink = await addFile(page, sink);
  const files = [...draft.files, ...renderedFiles(rendering, pageLink, page.length)];
  const signed = sign({ ...draft, files: files.sort((a, b) => (a.path < b.path ? -1 : 1)) });
  const entries: DirectoryEntry[] = [
    { name: 'article.json', ...(await addFile(signed.bytes, sink)) },
    { name: 'index.html', ...pageLink },
    { name: 'masthead', ...rendering.masthead },
    { name: 'style.css', ...rendering.style.link },
    ...before.entries.filter(({ name }) => name === 'media' || name === CHANGES_PATH),
  ];
  const link = await addDirectory(entries, sink);
  return { document: signed.document, link, blocks, page, warnings: [] };
}

/** The article as it is, by the template, the theme and the names of now. */
function renderedAnew(document: ArticleDocument, { publication, look }: Rendering): ArticleDocument {
  const { proof: _proof, theme: _theme, ...said } = document;
  return {
    ...said,
    template: PAGE_TEMPLATE,
    ...(look === undefined ? {} : { theme: look.theme }),
    publication,
    files: document.files.filter((file) => !isRendered(file)),
  };
}
