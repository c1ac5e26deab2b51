/**
 * article.json: the signed record of one revision of one article (docs/format.md, "article.json").
 * Member names are schema.org's NewsArticle vocabulary.
 */
export interface ArticleDocument {
  '@context': readonly [string, string];
  '@type': 'NewsArticle';
  format: 'ovn-article/1';
  /** Number of the page template; raised only when rendered bytes change. */
  template: number;
  /** CID of the theme, `themes/<cid>/` in an edition; absent where the look is the built-in one. */
  theme?: string;
  publication: PublicationReference;
  /** Article id, `YYYY/MM/DD/<slug>`: the same through all revisions. */
  identifier: string;
  revision: number;
  /** CID of the bundle of the revision before. */
  previous?: string;
  status: 'published' | 'retracted';
  headline: string;
  description?: string;
  articleSection: string[];
  categories: Category[];
  author?: Person[];
  /** As written in the source: a date, or a date-time with zone. */
  datePublished: string;
  dateModified: string;
  /** BCP 47. */
  inLanguage: string;
  encodingFormat: 'text/markdown';
  /** The very Markdown body of the source. */
  articleBody: string;
  wordCount?: number;
  citation?: Citation[];
  license?: string;
  correction?: Correction[];
  /** Revisions whose text is not to be had any more: all earlier ones, on a retraction that withholds; else absent. */
  withheld?: number[];
  /** Every other file of the bundle but masthead/, sorted by path. */
  files: BundleFile[];
  proof?: unknown[];
}

export interface PublicationReference {
  /** CID (raw) of masthead 1's bytes. */
  id: string;
  /** Version of the newest masthead when this was signed. */
  masthead: number;
  name: string;
  tagline: string;
  url?: string;
}

export interface Category {
  slug: string;
  name: string;
  /** An IPTC Media Topic, `medtop:` and eight digits. */
  topic?: string;
}

/**
 * What ovn.json decides for a category slug: its name; or that, an IPTC Media Topic, and the slugs that the category had before, whose
 * addresses lead to it.
 */
export type CategoryDecision = string | { name: string; topic?: string; formerly?: string[] };

export interface Person {
  '@type': 'Person';
  name: string;
}

/** A source the article rests on: a text, a link or both. */
export interface Citation {
  '@type': 'CreativeWork';
  name: string;
  url?: string;
}

/** `retraction`: the article is retracted, for good. */
export type CorrectionKind = 'correction' | 'clarification' | 'update' | 'retraction';

export interface Correction {
  '@type': 'CorrectionComment';
  kind: CorrectionKind;
  datePublished: string;
  text: string;
}

/** One file of a bundle. */
export interface BundleFile {
  path: string;
  cid: string;
  /** Bytes. */
  size: number;
  type: string;
  role: 'page' | 'changes' | 'style' | 'image';
  /** The references of the source that this file answers, normalised and sorted: how the page is rendered anew from the body. */
  source?: string[];
  alt?: string;
  /** Pixels. */
  width?: number;
  height?: number;
  caption?: string;
  credit?: string;
  /** On the one file that the front matter's `image` names. */
  lead?: true;
  /** Path of the picture that this is a smaller rendition of. */
  variantOf?: string;
}
