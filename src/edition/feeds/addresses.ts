import { pagePath, siteOf } from '../../article/addresses.ts';
import type { Entry } from '../archive.ts';
import { placeOf } from './documents.ts';
import { type Feed, type FeedList, folderOf } from './feed.ts';

/**
 * Where things are, as one document of a feed names them: absolute where the outlet has an address, else relative to the document.
 * Those of documents are without the ending of their form.
 */
export class FeedAddresses {
  /** Whether addresses are absolute: only then can a document name its own. */
  readonly absolute: boolean;
  /** The page that shows the same list. */
  readonly page: string;
  /** The document with the newest articles. */
  readonly newest: string;
  /** This document, as an absolute address; empty where there are none. */
  readonly own: string;
  readonly #list: FeedList;
  /** Folder of the tree of dates. */
  readonly #trunk: string;
  /** What is left out in front of an article id. */
  readonly #known: number;
  /** Whether the document is of a category, which is seen alone. */
  readonly isOfCategory: boolean;

  constructor({ list, document }: Feed) {
    this.#list = list;
    this.isOfCategory = list.category !== undefined;
    const site = siteOf(list.publication);
    this.absolute = site !== undefined;
    const below = document === undefined ? '' : placeOf(list, document).folder;
    const trunk = `${folderOf(list)}/`;
    const up = '../'.repeat(below === '' ? 0 : below.split('/').length);
    // A category's tree of dates is its folder; that of all articles lies below the root.
    const home =
      site === undefined
        ? up + (below === '' || this.isOfCategory ? '' : '../')
        : this.isOfCategory
          ? site + trunk
          : site;
    this.newest = `${home}feed`;
    this.#trunk = site === undefined ? (below === '' && !this.isOfCategory ? trunk : up) : site + trunk;
    this.own = site === undefined ? '' : document === undefined ? this.newest : this.document(document);
    this.page = document === undefined ? home || './' : site === undefined ? './' : `${this.#trunk}${below}/`;
    this.#known = site === undefined && below !== '' ? below.length + 1 : 0;
  }

  /** A document with older articles. */
  document(document: string): string {
    const { folder, stem } = placeOf(this.#list, document);
    return `${this.#trunk}${folder}/${stem}`;
  }

  /** Where an article is read: a category leads to the bundles inside it, because it is seen alone. */
  article({ id }: Entry): string {
    return this.#below(this.isOfCategory ? `${id}/` : pagePath(id));
  }

  /** A file of an article's bundle. */
  file({ id }: Entry, path: string): string {
    return this.#below(`${id}/${path}`);
  }

  #below(path: string): string {
    return this.#known === 0 ? this.#trunk + path : path.slice(this.#known);
  }
}
