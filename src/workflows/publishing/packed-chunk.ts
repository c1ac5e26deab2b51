import type { CID } from 'multiformats/cid';
import type { Entry } from '../../edition/archive.ts';
import type { Finding } from '../../errors.ts';
import type { StagedRevision } from '../../repo/staged-changes.ts';
import type { Block } from '../../unixfs/block.ts';
import { type PackedBlocks, packBlocks, unpackBlocks } from '../../unixfs/packed-blocks.ts';
import type { MadeRevision } from './bundles.ts';

/** Finished revisions as they go from one thread to another: plain data, and one buffer that is handed over. */
export interface PackedChunk extends PackedBlocks {
  revisions: {
    staged: StagedRevision;
    former: Entry | undefined;
    warnings: Finding[];
    /** How many of the blocks are its own. */
    blocks: number;
    /** Its index.html: which of the blocks it is, or the bytes where it is more than one. */
    page: number | Uint8Array;
  }[];
}

export function packChunk(made: readonly MadeRevision[]): PackedChunk {
  return {
    revisions: made.map(({ staged, change, warnings, blocks, page }) => {
      const at = blocks.findIndex(({ bytes }) => bytes === page);
      return { staged, former: change.former, warnings, blocks: blocks.length, page: at === -1 ? page : at };
    }),
    ...packBlocks(made.flatMap(({ blocks }) => blocks)),
  };
}

export function unpackChunk({ revisions, ...packed }: PackedChunk): MadeRevision[] {
  const blocks = unpackBlocks(packed);
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
