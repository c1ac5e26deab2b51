import type { RoleName } from '../../trust/masthead.ts';

/** The words of search.html. `{…}` is filled in by its script. */
export interface SearchWords {
  /** Of the page, of what leads to it, and of its button. */
  title: string;
  label: string;
  /** What is searched. */
  hint: string;
  noScript: string;
  searching: string;
  /** `{count}` of articles. */
  found: string;
  none: string;
  /** The server does not have the index. */
  missing: string;
  /** No answer came. */
  failed: string;
  /** The index cannot be read. */
  damaged: string;
  more: string;
}

/** The words of the pages of an edition, beyond those that articles have too. `{…}` is filled in by `fill`. */
export interface SiteWords {
  /** The language that these words are in. */
  language: string;
  /** What the navigation is called where it is read aloud. */
  navigation: string;
  about: string;
  /** `{name}` of the outlet. */
  aboutTitle: string;
  /** `{date}` of the newest change that a list shows. */
  asOf: string;
  recentCorrections: string;
  noCorrections: string;
  /** `{year}` */
  correctionsOf: string;
  notFound: string;
  notFoundText: string;
  related: string;
  /** Title of the box that leads to the article's bundle. */
  permanentCopy: string;
  permanentText: string;
  checkArticle: string;
  /** Of a category's own folder, which can be kept alone. */
  keepCategory: string;
  publicationId: string;
  idText: string;
  qrCode: string;
  name: string;
  nameText: string;
  keys: string;
  /** `{version}` of the masthead, and `{date}` until which it is current. */
  keysText: string;
  /** What keys may do, by their role. */
  roles: Record<RoleName, string>;
  /** `{threshold}` of `{count}` keys. */
  threshold: string;
  howToCheck: string;
  checkText: string;
  howToMirror: string;
  mirrorText: string;
  mirrors: string;
  search: SearchWords;
}
