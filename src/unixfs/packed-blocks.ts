import { CID } from 'multiformats/cid';
import type { Block } from './block.ts';
import { cidOfBytes } from './hash.ts';

/** Blocks as they go from one thread to another: one buffer that is handed over. */
export interface PackedBlocks {
  /** CID and bytes of every block, behind each other. */
  bytes: ArrayBuffer;
  /** For every block the lengths of its CID and of its bytes. */
  lengths: number[];
}

export function packBlocks(blocks: Iterable<Block>): PackedBlocks {
  const parts: Uint8Array[] = [];
  for (const { cid, bytes } of blocks) parts.push(cid.bytes, bytes);
  return { bytes: joinBytes(parts), lengths: parts.map(({ length }) => length) };
}

/** The same blocks. Their bytes are parts of the one buffer, their CIDs are not: a CID that is kept must not keep all that came with it. */
export function unpackBlocks({ bytes: buffer, lengths }: PackedBlocks): Block[] {
  const blocks: Block[] = [];
  let at = 0;
  const take = (length = 0): Uint8Array => {
    at += length;
    return new Uint8Array(buffer, at - length, length);
  };
  for (let index = 0; index < lengths.length; index += 2) {
    const cid = take(lengths[index]);
    blocks.push({ cid: cidOfBytes(cid) ?? CID.decode(cid.slice()), bytes: take(lengths[index + 1]) });
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
