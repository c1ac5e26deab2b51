import type { ArticleDocument, BundleFile } from '../article/document.ts';
import { canonicalize } from './canonical-json.ts';

/**
 * Whether two revisions are the same article, only rendered anew: everything is equal but how, when and under which name of the
 * outlet the page was made. Dates, corrections, pictures, status and the page of differences are as they were.
 */
export function isSameArticle(before: ArticleDocument, after: ArticleDocument): boolean {
  return canonicalize(withoutRendering(before)) === canonicalize(withoutRendering(after));
}

/** All of an article that a new rendering leaves alone. */
function withoutRendering(document: ArticleDocument): unknown {
  const { template: _template, theme: _theme, revision: _revision, previous: _previous, ...rest } = document;
  const { proof: _proof, publication, files, ...said } = rest;
  return { ...said, publication: publication.id, files: files.filter((file) => !isRendered(file)) };
}

/** Whether a file is made anew with a new rendering. The page of differences stays: it tells of a change that came before. */
export function isRendered({ role }: BundleFile): boolean {
  return role === 'page' || role === 'style';
}
