import type { CorrectionKind } from '../document.ts';

/** The words of pages around the articles, in one language. `{…}` is filled in by `fill`. */
export interface InterfaceWords {
  /** The language that these words are in. */
  language: string;
  by: string;
  separator: string;
  /** Between a name and what it is, with the spaces around it. */
  colon: string;
  updated: string;
  corrections: string;
  kinds: Record<CorrectionKind, string>;
  /** One sentence before the body; `{date}`. */
  notices: Record<CorrectionKind, string>;
  retracted: string;
  retractedNotice: string;
  /** In the place of a text that is withheld. */
  withheldNotice: string;
  /** One sentence on a page of a revision without a stated reason; `{revision}`. */
  revised: string;
  /** Title of the page of differences, and of the link to it. */
  changes: string;
  /** `{before}` and `{after}` are numbers of revisions. */
  changesBetween: string;
  removed: string;
  added: string;
  headline: string;
  summary: string;
  text: string;
  /** Where headline, summary and text are equal. */
  sameText: string;
  sources: string;
  license: string;
  table: string;
  record: string;
  article: string;
  revision: string;
  publication: string;
  /** How to verify; `{command}`. */
  verify: string;
  latest: string;
  articles: string;
  archive: string;
  categories: string;
  older: string;
  newer: string;
  frontPage: string;
  /** Leads to the page that checks the whole paper. */
  check: string;
  feed: string;
}
