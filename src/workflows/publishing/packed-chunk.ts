import { CID } from 'multiformats/cid';
import type { Entry } from '../../edition/archive.ts';
import type { Finding } from '../../errors.ts';
import type { StagedRevision } from '../../repo/staged-changes.ts';
import type { Block } from '../../unixfs/block.ts';
import type { MadeRevision } from './bundles.ts';

/** Finished revisions as they go from one thread to another: plain data, and one buffer that is handed over. */
export interface PackedChunk {
  revisions: {
    staged: StagedRevision;
    former: Entry | undefined;
    warnings: Finding[];
    /** How many of the blocks are its own. */
    blocks: number;
    /** Its index.html: which of the blocks it is, or the bytes where it is more than one. */
    page: number | Uint8Array;
  }[];
  /** CID and bytes of every block, behind each other. */
  bytes: ArrayBuffer;
  /** For every block the lengths of its CID and of its bytes. */
  lengths: number[];
}

export function packChunk(made: readonly MadeRevision[]): PackedChunk {
  const parts: Uint8Array[] = [];
  for (const { blocks } of made) for (const { cid, bytes } of blocks) parts.push(cid.bytes, bytes);
  return {
    revisions: made.map(({ staged, change, warnings, blocks, page }) => {
      const at = blocks.findIndex(({ bytes }) => bytes === page);
      return { staged, former: change.former, warnings, blocks: blocks.length, page: at === -1 ? page : at };
    }),
    bytes: joinBytes(parts),
    lengths: parts.map(({ length }) => length),
  };
}

export function unpackChunk({ revisions, bytes, lengths }: PackedChunk): MadeRevision[] {
  const blocks = unpackBlocks(bytes, lengths);
  let next = 0;
  return revisions.map(({ staged, former, warnings, blocks: count, page }) => {
    const own = blocks.slice(next, next + count);
    next += count;
    const link = { cid: rootOf(own), size: staged.entry.size };
    const withheld = staged.withheld === undefined ? {} : { withheld: staged.withheld };
    const before = former === undefined ? {} : { former };
    const change = { entry: staged.entry, link, ...before, ...withheld };
    const html = typeof page === 'number' ? own[page]?.bytes : page;
    return { staged, change, warnings, blocks: own, page: html ?? new Uint8Array() };
  });
}

/** A bundle's directory is the last of its blocks. */
function rootOf(blocks: readonly Block[]): CID {
  const root = blocks.at(-1);
  if (root === undefined) throw new Error('a revision without blocks');
  return root.cid;
}

function unpackBlocks(buffer: ArrayBuffer, lengths: readonly number[]): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  const take = (length = 0): Uint8Array => {
    at += length;
    return new Uint8Array(buffer, at - length, length);
  };
  for (let index = 0; index < lengths.length; index += 2) {
    const cid = CID.decode(take(lengths[index]));
    blocks.push({ cid, bytes: take(lengths[index + 1]) });
  }
  return blocks;
}

/** Into a buffer of its own: parts may lie in a pool that is not theirs to hand over. */
function joinBytes(parts: readonly Uint8Array[]): ArrayBuffer {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined.buffer;
}
