import { pagePath, siteOf } from '../../article/addresses.ts';
import type { Entry } from '../archive.ts';
import { type Feed, folderOf } from './feed.ts';

/** Where things are, as one document of a feed names them: absolute where the outlet has an address, else relative to the document. */
export class FeedAddresses {
  /** Whether addresses are absolute: only then can a document name its own. */
  readonly absolute: boolean;
  /** The page that shows the same list. */
  readonly page: string;
  /** Folder of the document with the newest articles. */
  readonly home: string;
  /** Folder of this document, as an absolute address; empty where there are none. */
  readonly own: string;
  /** Folder of the tree of dates. */
  readonly #trunk: string;
  /** What is left out in front of an article id. */
  readonly #known: number;
  /** Whether the document is of a category, which is seen alone. */
  readonly isOfCategory: boolean;

  constructor({ list, day }: Feed) {
    const site = siteOf(list.publication);
    const isOfCategory = list.category !== undefined;
    const folder = `${folderOf(list)}/`;
    const up = day === undefined ? './' : isOfCategory ? '../../../' : '../../../../';
    this.absolute = site !== undefined;
    this.home = site === undefined ? up : isOfCategory ? `${site}${folder}` : site;
    this.#trunk = site === undefined ? relativeTrunk(folder, day, isOfCategory) : `${site}${folder}`;
    this.own = site === undefined ? '' : day === undefined ? this.home : `${this.#trunk}${day}/`;
    this.page = day === undefined ? this.home : this.#listOf(day, isOfCategory);
    this.#known = site === undefined && day !== undefined ? day.length + 1 : 0;
    this.isOfCategory = isOfCategory;
  }

  /** Folder of the document of a day. */
  day(day: string): string {
    return `${this.#trunk}${day}/`;
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

  /** A category has no pages for single days. */
  #listOf(day: string, isOfCategory: boolean): string {
    if (!this.absolute) return isOfCategory ? '../' : './';
    return this.day(isOfCategory ? day.slice(0, 7) : day);
  }
}

function relativeTrunk(folder: string, day: string | undefined, isOfCategory: boolean): string {
  if (day !== undefined) return '../../../';
  return isOfCategory ? '' : folder;
}
