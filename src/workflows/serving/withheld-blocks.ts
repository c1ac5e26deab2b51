import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { DigestTable } from '../../node/served/digest-table.ts';
import type { WithheldRevision } from '../../repo/article-index.ts';
import type { Repository } from '../../repo/repository.ts';
import { TEXT_FILES } from '../withheld.ts';
import type { GetBytes } from './reach.ts';
import { walkHeld } from './walk-held.ts';

export type WithheldBlocksSource = Pick<Repository, 'articles' | 'events'>;

/** The bundle, and the files with its text. */
const TEXT = 1;
/** Pictures and whatever else the bundle holds: another one may hold it too. */
const OTHER = 2;
/** The same, while it is not known yet whether anything that is served needs it. */
const DOUBTFUL = 3;
const EVERY_BUNDLE_HAS: readonly string[] = ['style.css', 'masthead'];

/**
 * The blocks of revisions that a retraction withholds. Their texts are never given. Their pictures are in doubt from the moment of the
 * retraction, until what is served has been found anew.
 */
export class WithheldBlocks {
  readonly #table = new DigestTable();
  readonly #known = new Set<string>();
  readonly #source: WithheldBlocksSource;
  readonly #getBytes: GetBytes;
  #doubtful: CID[] = [];
  #count = -1;
  #areAllHeld = true;

  constructor(source: WithheldBlocksSource, getBytes: GetBytes) {
    this.#source = source;
    this.#getBytes = getBytes;
  }

  /** Notes what was withheld since; whether there was anything. A bundle that is not held is looked for each time. */
  update(): boolean {
    const count = this.#source.events.count();
    if (count === this.#count && this.#areAllHeld) return false;
    this.#count = count;
    this.#areAllHeld = true;
    const before = this.#known.size;
    for (const revision of this.#source.articles.withheld()) {
      if (this.#known.has(revision.cid)) continue;
      if (this.#note(revision)) this.#known.add(revision.cid);
      else this.#areAllHeld = false;
    }
    return this.#known.size > before;
  }

  /** Never given, whatever needs it. */
  isText({ multihash }: CID): boolean {
    return this.#table.get(multihash) === TEXT;
  }

  isDoubtful({ multihash }: CID): boolean {
    return this.#table.get(multihash) === DOUBTFUL;
  }

  /** Part of a withheld bundle: to be given only where something that is served needs it. */
  has({ multihash }: CID): boolean {
    return this.#table.get(multihash) !== 0;
  }

  /** What is served was found anew, after all that is known here came to be known. */
  settle(): void {
    for (const { multihash } of this.#doubtful) this.#table.set(multihash, OTHER);
    this.#doubtful = [];
  }

  #note({ cid }: WithheldRevision): boolean {
    const root = CID.parse(cid);
    this.#set(root, TEXT);
    const bytes = this.#getBytes(root);
    if (bytes === undefined) return false;
    for (const { Name = '', Hash } of dagPb.decode(bytes).Links) {
      for (const block of walkHeld(Hash, this.#getBytes)) this.#set(block, kindOf(Name));
    }
    return true;
  }

  #set(cid: CID, value: number): void {
    if (this.isText(cid)) return;
    this.#table.set(cid.multihash, value);
    if (value === DOUBTFUL) this.#doubtful.push(cid);
  }
}

function kindOf(name: string): number {
  if (TEXT_FILES.includes(name)) return TEXT;
  return EVERY_BUNDLE_HAS.includes(name) ? OTHER : DOUBTFUL;
}
