import type { CID } from 'multiformats/cid';
import { type ErrorCode, OvnError } from '../../errors.ts';
import type { BlockReader, Link } from '../../unixfs/block.ts';
import { RAW } from '../../unixfs/codecs.ts';
import { type DirectoryEntry, readDirectory } from '../../unixfs/directory.ts';
import { cidKey, isInline } from '../../unixfs/hash.ts';
import { linksOf } from '../../unixfs/links.ts';
import { walkDag } from '../../unixfs/walk.ts';
import type { Room } from './choose.ts';
import { workThrough } from './work-through.ts';

/** Where blocks come from. */
export interface GatherEffects {
  /** Gives a block that is here, else fetches and stores it; `undefined` where nobody has it. */
  read: BlockReader;
  /** Fetches all that is missing of a DAG, where there is a better way for that than block by block; so many blocks and bytes at most. */
  fetch?: ((root: CID, limits: { blocks: number; bytes: number }) => Promise<void>) | undefined;
  /** What is here. */
  store: { has(cid: CID): boolean };
  signal: AbortSignal;
}

/** Blocks that are asked for at once. */
const WINDOW = 64;

/** Blocks of one bundle, page or folder of documents, above which it is refused. */
const MOST_BLOCKS = 65_536;

/** Reads what is to be held, and counts it: each block once, whatever leads to it. */
export class Gatherer {
  readonly room: Room;
  readonly #effects: GatherEffects;

  constructor(room: Room, effects: GatherEffects) {
    this.room = room;
    this.#effects = effects;
  }

  /**
   * Reads a block that is not counted.
   *
   * @throws {OvnError} `incomplete` for one that nobody has.
   */
  readonly read: BlockReader = async (cid) => {
    const { signal, read } = this.#effects;
    signal.throwIfAborted();
    const bytes = await read(cid);
    if (bytes === undefined) throw new OvnError('incomplete', `block ${cid} is not to be had`);
    return bytes;
  };

  /**
   * Counts the blocks of a directory itself. Gives nothing where there is no room for them.
   *
   * @param limit entries above which it is refused.
   */
  async directory(
    cid: CID,
    limit: number,
  ): Promise<{ entries: DirectoryEntry[]; blocks: Uint8Array[] } | undefined> {
    const nodes = new Map<CID, number>();
    const read: BlockReader = async (node) => {
      const bytes = await this.read(node);
      if (bytes !== undefined) nodes.set(node, bytes.length);
      return bytes;
    };
    const entries = await readDirectory(cid, read, { limit, signal: this.#effects.signal });
    for (const [node, length] of nodes) if (!this.room.count(blockKey(node), length)) return undefined;
    return { entries, blocks: [...nodes.keys()].map(({ multihash }) => multihash.bytes) };
  }

  /**
   * Counts all that a link reaches, which is no more than the link states. Gives nothing where there is no room for it.
   *
   * @throws {OvnError} `refused` for what is larger than stated, with no block read behind the one that shows it.
   */
  async dag({ cid, size }: Link, what: string, limit = MOST_BLOCKS): Promise<Uint8Array[] | undefined> {
    const blocks: Uint8Array[] = [];
    let total = 0;
    const { signal } = this.#effects;
    for await (const block of walkDag(cid, this.read, { limit, signal })) {
      const length = block.bytes?.length ?? 0;
      total += length;
      if (total > size)
        throw new OvnError('refused', `${what} is larger than the ${size} bytes that its directory states`);
      if (!this.room.count(blockKey(block.cid), length)) return undefined;
      blocks.push(block.cid.multihash.bytes);
    }
    return blocks;
  }

  /**
   * Reads what is missing of several DAGs, many blocks at once, so that they are here when they are counted. It is a help and no
   * more: it ends where the links' sizes or `limit` blocks are used up, and
   * says nothing of what it cannot have.
   */
  async fetchAhead(links: readonly Link[], limit = MOST_BLOCKS): Promise<void> {
    const { fetch } = this.#effects;
    if (fetch === undefined) return this.#readAhead(links, limit);
    const ahead = ({ cid, size }: Link): Promise<unknown> =>
      ifAny(() => fetch(cid, { blocks: limit, bytes: size }), AHEAD);
    // What they share comes with the first.
    const [first, ...others] = links;
    if (first !== undefined) await ahead(first);
    await Promise.all(others.map(ahead));
  }

  /** Reads several blocks at once, so that they are here when they are counted. */
  async touch(links: readonly Link[]): Promise<void> {
    await Promise.all(links.map(({ cid }) => ifAny(() => this.read(cid), NOBODY_HAS_IT)));
  }

  #readAhead(links: readonly Link[], limit: number): Promise<void> {
    const seen = new Set<string>();
    let left = links.reduce((sum, { size }) => sum + size, 0);
    const isWanted = (cid: CID): boolean => {
      const key = cidKey(cid);
      if (left <= 0 || seen.size >= limit || seen.has(key) || isInline(cid)) return false;
      seen.add(key);
      return cid.code !== RAW || !this.#effects.store.has(cid);
    };
    const roots = links.map(({ cid }) => cid);
    return workThrough(roots, WINDOW, async (cid) => {
      const bytes = isWanted(cid) ? await ifAny(() => this.read(cid), NOBODY_HAS_IT) : undefined;
      if (bytes === undefined) return [];
      left -= bytes.length;
      return linksOf(cid, bytes);
    });
  }
}

/** What says that a block cannot be had, which is told when it is needed. */
const NOBODY_HAS_IT: readonly ErrorCode[] = ['not-found', 'incomplete', 'denied'];
/** A limit as well: what is larger than it may be is found out when it is counted. */
const AHEAD: readonly ErrorCode[] = [...NOBODY_HAS_IT, 'limit'];

async function ifAny<T>(work: () => Promise<T>, passed: readonly ErrorCode[]): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OvnError && passed.includes(error.code)) return undefined;
    throw error;
  }
}

/** Stores know blocks by what they hash to, whatever their codec. */
function blockKey({ multihash: { bytes } }: CID): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
