import type { CID } from 'multiformats/cid';
import { cidKey } from '../../unixfs/hash.ts';
import { refusal } from './judging.ts';

/**
 * Where the folders of a tree lie, in which none can lie twice: what is in each names its place. Without this, a few blocks
 * that lead to each other many times over would be a tree without end.
 */
export class FolderPlaces {
  readonly #top: string;
  readonly #places = new Map<string, string>();

  /** @param top of the tree, for messages; `''` where paths begin there. */
  constructor(top = '') {
    this.#top = top === '' ? '' : `${top}/`;
  }

  /** @throws {OvnError} `refused` for a folder that was met in another place. */
  enter(cid: CID, path: readonly string[]): void {
    const place = path.join('/');
    const before = this.#places.get(cidKey(cid));
    if (before !== undefined)
      throw refusal(
        `${this.#top}${place} is the very folder that ${this.#top}${before} is: one of them has no place there`,
      );
    this.#places.set(cidKey(cid), place);
  }
}
