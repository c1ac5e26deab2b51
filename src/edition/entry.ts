import type { ArticleDocument } from '../article/document.ts';
import type { Link } from '../unixfs/block.ts';
import type { Entry } from './archive.ts';

/** What lists and feeds need to know of a revision, by its article.json and the link to its bundle. */
export function entryOf(document: ArticleDocument, { cid, size }: Link): Entry {
  const { description, author = [], correction = [] } = document;
  return {
    id: document.identifier,
    headline: document.headline,
    ...(description === undefined ? {} : { description }),
    datePublished: document.datePublished,
    dateModified: document.dateModified,
    inLanguage: document.inLanguage,
    categories: document.categories,
    authors: author.map(({ name }) => name),
    status: document.status,
    corrections: correction.length,
    revision: document.revision,
    cid: cid.toString(),
    size,
  };
}
