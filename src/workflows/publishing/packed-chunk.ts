import type { CID } from 'multiformats/cid';
import type { Finding } from '../../errors.ts';
import type { StagedRevision } from '../../repo/staged-changes.ts';
import type { Block } from '../../unixfs/block.ts';
import { type PackedBlocks, packBlocks, unpackBlocks } from '../../unixfs/packed-blocks.ts';
import type { MadeRevision } from './bundles.ts';

/** Finished revisions as they go from one thread to another: plain data, and one buffer that is handed over. */
export interface PackedChunk extends PackedBlocks {
  revisions: {
    staged: StagedRevision;
    formerCategories: readonly string[];
    warnings: Finding[];
    /** How many of the blocks are its own. */
    blocks: number;
  }[];
}

export function packChunk(made: readonly MadeRevision[]): PackedChunk {
  return {
    revisions: made.map(({ staged, change, warnings, blocks }) => {
      return { staged, formerCategories: change.formerCategories, warnings, blocks: blocks.length };
    }),
    ...packBlocks(made.flatMap(({ blocks }) => blocks)),
  };
}

export function unpackChunk({ revisions, ...packed }: PackedChunk): MadeRevision[] {
  const blocks = unpackBlocks(packed);
  let next = 0;
  return revisions.map(({ staged, formerCategories, warnings, blocks: count }) => {
    const own = blocks.slice(next, next + count);
    next += count;
    const link = { cid: rootOf(own), size: staged.entry.size };
    const withheld = staged.withheld === undefined ? {} : { withheld: staged.withheld };
    const change = { entry: staged.entry, link, formerCategories, ...withheld };
    return { staged, change, warnings, blocks: own };
  });
}

/** A bundle's directory is the last of its blocks. */
function rootOf(blocks: readonly Block[]): CID {
  const root = blocks.at(-1);
  if (root === undefined) throw new Error('a revision without blocks');
  return root.cid;
}
