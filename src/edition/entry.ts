import type { ArticleDocument } from '../article/document.ts';
import type { Link } from '../unixfs/block.ts';
import type { Entry, EntryImage } from './archive.ts';
import { articleTerms } from './search/article-terms.ts';

/** What lists and feeds need to know of a revision, by its article.json and the link to its bundle. */
export function entryOf(document: ArticleDocument, { cid, size }: Link): Entry {
  const { description, author = [], correction = [] } = document;
  const terms = articleTerms(document);
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
    notices: correction,
    ...(terms === '' ? {} : { terms }),
    ...imageOf(document),
    revision: document.revision,
    cid: cid.toString(),
    size,
  };
}

/** The picture that the front matter names; none where the text is withheld, with all that belongs to it. */
function imageOf({ files }: ArticleDocument): { image?: EntryImage } {
  const lead = files.find(({ lead: isLead }) => isLead === true);
  if (lead === undefined) return {};
  const { path, type, size, alt = '', width, height } = lead;
  const pixels = width === undefined || height === undefined ? {} : { width, height };
  return { image: { path, type, size, alt, ...pixels } };
}
