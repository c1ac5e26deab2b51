import type { Finding } from '../errors.ts';
import type { Category, CategoryDecision, Citation, Correction } from './document.ts';
import type { HeldBack } from './release.ts';

/** One article as its source says it; what of it is published becomes article.json. */
export interface Article {
  /** `YYYY/MM/DD/<slug>`. */
  id: string;
  slug: string;
  /** `YYYY-MM-DD`, as written. */
  day: string;
  headline: string;
  description?: string;
  categories: Category[];
  authors: string[];
  /** As written: a date, or a date-time with zone. */
  datePublished: string;
  /** The later of `updated` and the newest correction, else `datePublished`; as written. */
  dateModified: string;
  /** BCP 47. */
  inLanguage: string;
  /** The very Markdown after the front matter. */
  body: string;
  /** 1-based line of the source at which the body starts. */
  bodyLine: number;
  corrections: Correction[];
  /** Set when a correction of the type `retraction` is among the corrections. */
  retraction?: Retraction;
  citations: Citation[];
  /** An SPDX expression, another short text, or an address. */
  license?: string;
  image?: LeadImage;
  /** The moment before which nothing of it may be published, as written; see `withRelease`. */
  publishAt?: string;
}

/** What is to become of a retracted article's text. */
export interface Retraction {
  /** Leave the text of all revisions out of the edition. */
  withhold: boolean;
}

export interface LeadImage {
  /** Path relative to the source, normalised as the references of the body are. */
  source: string;
  /** Empty: decoration. */
  alt: string;
  caption?: string;
  credit?: string;
  /** 1-based line of the source that names it. */
  line: number;
}

export interface SourceInput {
  /** The source's path, as messages name it; with `/`. Its name can give the slug. */
  file: string;
  /** Normalised text. */
  text: string;
  /** Language of the outlet: BCP 47. */
  language: string;
  /** Names, and perhaps topics, that `ovn.json` decides for category slugs. */
  categoryNames: Readonly<Record<string, CategoryDecision>>;
  /** `YYYY-MM-DD` of the clock. */
  today: string;
  /** Publish also what is dated more than a day ahead. */
  allowFuture: boolean;
  /** Up to which moment `publishAt` and `embargo` let go, in milliseconds since 1970. Absent: none has come yet. */
  releasedUntil?: number;
}

export interface ParsedSource {
  /** Absent when there are errors. */
  article?: Article;
  /** Set when the source is not to be published yet. Nothing that is wrong with it is an error then, but a warning. */
  held?: HeldBack;
  /** All findings, by line. */
  findings: Finding[];
  /** Set when the file's name gives the slug, so that under another name it would be another article. */
  isNamedByFile?: boolean;
  /** For `slug:` in the front matter, when the source gives no slug by itself. */
  proposedSlug?: string;
}
