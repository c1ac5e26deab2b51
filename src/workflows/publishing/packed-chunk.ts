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
    /** Its page in the edition: which of the blocks is its root, and its Tsize. */
    sitePage: { block: number; size: number } | undefined;
  }[];
}

export function packChunk(made: readonly MadeRevision[]): PackedChunk {
  return {
    revisions: made.map(({ staged, change, warnings, blocks, sitePage }) => ({
      ...{ staged, former: change.former, warnings, blocks: blocks.length },
      sitePage: sitePage && { block: indexOf(sitePage.cid, blocks), size: sitePage.size },
    })),
    ...packBlocks(made.flatMap(({ blocks }) => blocks)),
  };
}

export function unpackChunk({ revisions, ...packed }: PackedChunk): MadeRevision[] {
  const blocks = unpackBlocks(packed);
  let next = 0;
  return revisions.map(({ staged, former, warnings, blocks: count, sitePage }) => {
    const own = blocks.slice(next, next + count);
    next += count;
    const link = { cid: rootOf(own), size: staged.entry.size };
    const withheld = staged.withheld === undefined ? {} : { withheld: staged.withheld };
    const before = former === undefined ? {} : { former };
    const change = { entry: staged.entry, link, ...before, ...withheld };
    const root = sitePage && own[sitePage.block]?.cid;
    const made = root === undefined ? {} : { sitePage: { cid: root, size: sitePage?.size ?? 0 } };
    return { staged, change, warnings, blocks: own, ...made };
  });
}

function indexOf(cid: CID, blocks: readonly Block[]): number {
  return blocks.findIndex((block) => block.cid === cid);
}

/** A bundle's directory is the last of its blocks. */
function rootOf(blocks: readonly Block[]): CID {
  const root = blocks.at(-1);
  if (root === undefined) throw new Error('a revision without blocks');
  return root.cid;
}
