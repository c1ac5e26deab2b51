import type { ArticleDocument } from './document.ts';

/**
 * How a theme lays out pages. Where it is absent, or does not decide about a part, that is laid out as built in. What it is
 * given are finished pieces of HTML, which it arranges and cannot change; it gives HTML back.
 */
export interface Look {
  /** CID of the theme. */
  theme: string;
  /** Whether its style has pictures or fonts in it. */
  embeds?: true;
  /** What stands between `<body>` and `</body>`. */
  page?(parts: PageParts, facts: PageFacts): string;
  /** What stands in `<article>`. */
  article?(parts: ArticleParts, document: ArticleDocument): string;
  /** What stands in `<main>` of the front page. */
  front?(parts: FrontParts): string;
}

/** The pieces of every page. Where there is nothing of one it is empty. */
export interface PageParts {
  masthead: string;
  navigation: string;
  main: string;
  footer: string;
}

/** What a template may ask about a page. */
export interface PageFacts {
  /** BCP 47. */
  language: string;
  direction: 'ltr' | 'rtl';
  outlet: { name: string; tagline: string };
}

/** The pieces of an article, in the order in which they stand where nobody decides otherwise. */
export interface ArticleParts {
  /** What a retracted article begins with. */
  retraction: string;
  categories: string;
  headline: string;
  summary: string;
  /** Authors and dates. */
  byline: string;
  /** What became of the article last, where it was corrected. */
  notice: string;
  picture: string;
  body: string;
  corrections: string;
  sources: string;
}

/** The pieces of the front page. */
export interface FrontParts {
  latest: string;
  categories: string;
  corrections: string;
}
