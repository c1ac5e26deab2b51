import type { CID } from 'multiformats/cid';
import { DigestTable } from '../../node/served/digest-table.ts';
import { DAG_CBOR, DAG_JSON, DAG_PB, RAW } from '../../unixfs/codecs.ts';
import { inlineBytes, isInline } from '../../unixfs/hash.ts';
import { linksOf } from '../../unixfs/links.ts';

/** The bytes of a block, at once; nothing where it is not held. */
export type GetBytes = (cid: CID) => Uint8Array | undefined;

/** A bit of a block's number: it is reached. */
const REACHED = 1;
/** Further bits: its links were followed under a codec. The same bytes can be linked to under several. */
const FOLLOWED = new Map([
  [DAG_PB, 2],
  [DAG_CBOR, 4],
  [DAG_JSON, 8],
]);
const FOLLOWED_OTHERWISE = 16;
/**
 * The blocks that roots reach, by multihash. Walked in slices, so that others have their turn; roots may come while it is walked, and
 * after. Raw leaves are not read. What is barred is not entered; what is missing or cannot be decoded reaches nothing.
 */
export class Reach {
  readonly #table = new DigestTable();
  readonly #pending: CID[] = [];
  readonly #getBytes: GetBytes;
  readonly #bars: (cid: CID) => boolean;
  readonly #linksIn: (cid: CID, bytes: Uint8Array) => CID[];
  #isLacking = false;

  /** `linksOf`: which links of a block are followed; all, where it is not said. */
  constructor(getBytes: GetBytes, bars: (cid: CID) => boolean = () => false, linksOf = linksIn) {
    this.#getBytes = getBytes;
    this.#bars = bars;
    this.#linksIn = linksOf;
  }

  /** Blocks found so far. */
  get size(): number {
    return this.#table.size;
  }

  /** Whether all that the roots reach has been found. */
  get isWhole(): boolean {
    return this.#pending.length === 0;
  }

  /** Whether something was not held when it was to be read. */
  get isLacking(): boolean {
    return this.#isLacking;
  }

  has({ multihash }: CID): boolean {
    return this.#table.get(multihash) !== 0;
  }

  add(root: CID): void {
    this.#note(root);
  }

  /** Goes on until all is found, or the clock (`performance.now()`) has come to `until`. */
  walk(until = Number.POSITIVE_INFINITY): void {
    for (let cid = this.#pending.pop(); cid !== undefined; cid = this.#pending.pop()) {
      this.#enter(cid);
      if (performance.now() >= until) return;
    }
  }

  /** Raw leaves have their number at once; everything else waits to be read. */
  #note(cid: CID): void {
    if (this.#bars(cid)) return;
    if (cid.code === RAW) this.#mark(cid, REACHED);
    else if ((this.#table.get(cid.multihash) & followed(cid)) === 0) this.#pending.push(cid);
  }

  #enter(cid: CID): void {
    if ((this.#table.get(cid.multihash) & followed(cid)) !== 0) return;
    const bytes = isInline(cid) ? inlineBytes(cid) : this.#getBytes(cid);
    if (bytes === undefined) {
      this.#isLacking = true;
      return;
    }
    this.#mark(cid, REACHED | followed(cid));
    for (const link of this.#linksIn(cid, bytes)) this.#note(link);
  }

  #mark({ multihash }: CID, bits: number): void {
    this.#table.set(multihash, this.#table.get(multihash) | bits);
  }
}

function followed({ code }: CID): number {
  return FOLLOWED.get(code) ?? FOLLOWED_OTHERWISE;
}

/** The CIDs that a block links to; none where it cannot be decoded. */
export function linksIn(cid: CID, bytes: Uint8Array): CID[] {
  try {
    return linksOf(cid, bytes);
  } catch {
    return []; // it can still be given as the block that it is
  }
}
