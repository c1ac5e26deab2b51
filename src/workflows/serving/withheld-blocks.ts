import * as dagPb from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { DigestTable } from '../../node/served/digest-table.ts';
import type { WithheldRevision } from '../../repo/article-index.ts';
import type { Repository } from '../../repo/repository.ts';
import { TEXT_FILES } from '../withheld.ts';
import { findWithheldPages, type WithheldPagesSource } from '../withheld-pages.ts';
import type { GetBytes } from './reach.ts';
import { walkHeld } from './walk-held.ts';

export type WithheldBlocksSource = WithheldPagesSource & Pick<Repository, 'events'>;

/** The bundle, the files with its text, and the site's pages with it. */
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
  /** Bundles and pages that were noted with all they hold. */
  readonly #known = new Set<string>();
  readonly #source: WithheldBlocksSource;
  readonly #getBytes: GetBytes;
  #doubtful: CID[] = [];
  #state = '';
  #areAllHeld = true;

  constructor(source: WithheldBlocksSource, getBytes: GetBytes) {
    this.#source = source;
    this.#getBytes = getBytes;
  }

  /**
   * Notes what was withheld since; whether there was anything. A bundle that is not held is looked for each time, the site's pages of it
   * when something was published or pinned, or the bundle has come.
   */
  update(): boolean {
    const state = this.#readState();
    const isSame = state === this.#state;
    if (isSame && this.#areAllHeld) return false;
    this.#state = state;
    this.#areAllHeld = true;
    const before = this.#known.size;
    const missing = new Set<string>();
    for (const revision of this.#source.articles.withheld()) {
      const hasCome = !this.#known.has(revision.cid) && this.#note(revision);
      if (hasCome) this.#known.add(revision.cid);
      if (hasCome || !isSame) this.#notePages(revision, missing);
      this.#areAllHeld &&= this.#known.has(revision.cid);
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

  /** Changes with what was published and what is pinned. */
  #readState(): string {
    const { events, pins } = this.#source;
    return JSON.stringify([events.count(), pins.list().map(({ cid }) => cid)]);
  }

  #notePages(revision: WithheldRevision, missing: Set<string>): void {
    for (const page of findWithheldPages(revision, this.#source, this.#getBytes, missing)) {
      if (this.#known.has(page.toString())) continue;
      this.#known.add(page.toString());
      for (const block of walkHeld(page, this.#getBytes)) this.#set(block, TEXT);
    }
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
