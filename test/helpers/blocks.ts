import { hash } from 'node:crypto';
import { CID } from 'multiformats/cid';
import * as raw from 'multiformats/codecs/raw';
import * as Digest from 'multiformats/hashes/digest';
import type { Block } from '../../src/unixfs/block.ts';

/** The raw block of some bytes. */
export function rawBlock(content: string | Uint8Array): Block {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return { cid: CID.createV1(raw.code, Digest.create(0x12, hash('sha256', bytes, 'buffer'))), bytes };
}

/** `count` different blocks that are the same at every run, their sizes spread from `smallest` to `largest` bytes. */
export function* rawBlocks(count: number, smallest: number, largest: number, seed = ''): Generator<Block> {
  for (let i = 0; i < count; i++) {
    const size = smallest + ((i * 7919) % (largest - smallest + 1));
    yield rawBlock(new TextEncoder().encode(`${seed}${i} `.padEnd(size, `${i}.`)).subarray(0, size));
  }
}
