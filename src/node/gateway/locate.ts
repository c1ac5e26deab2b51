import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { DAG_PB, RAW } from '../../unixfs/codecs.ts';
import { isInline } from '../../unixfs/hash.ts';
import { decodeUnixfs, loadBlock } from '../../unixfs/unixfs-node.ts';
import { Refusal } from './messages.ts';
import { stepDown } from './step-down.ts';

/** What a path names. */
export interface Located {
  cid: CID;
  /** The CIDs on the way, that of the path's root first and `cid` last. */
  roots: CID[];
  /** All blocks that lead there, those of sharded folders among them, in their order; without `cid`. */
  way: CID[];
  /** The names below the root. */
  names: string[];
  kind: 'folder' | 'file' | 'link' | 'other';
}

/** There is nothing at the end of a path, as its blocks prove. `root` is where it began. */
export class NothingThere extends Refusal {
  constructor() {
    super(404, 'There is nothing at this address.');
  }
}

/**
 * Goes down a path from a root.
 * @throws NothingThere; Refusal 501; OvnError `not-found` when a block on the way is not held, `malformed`
 */
export async function locate(root: CID, names: string[], read: BlockReader): Promise<Located> {
  const roots = [root];
  const way: CID[] = [];
  let cid = root;
  const note: BlockReader = (each) => {
    if (way.at(-1)?.equals(each) !== true) way.push(each);
    return read(each);
  };
  for (let done = 0; done < names.length; ) {
    const step = await stepDown(cid, names.slice(done), note);
    if (step.cid === undefined) throw new NothingThere();
    cid = step.cid;
    done += step.used;
    roots.push(cid);
  }
  return { cid, roots, way: way.filter((each) => !isInline(each)), names, kind: await kindOf(cid, read) };
}

async function kindOf(cid: CID, read: BlockReader): Promise<Located['kind']> {
  const block = await loadBlock(cid, read);
  if (cid.code === RAW) return 'file';
  if (cid.code !== DAG_PB) return 'other';
  try {
    const { type } = decodeUnixfs(cid, block);
    if (type === 'directory' || type === 'hamt-sharded-directory') return 'folder';
    if (type === 'symlink') return 'link';
    return type === 'file' || type === 'raw' ? 'file' : 'other';
  } catch (error) {
    // dag-pb that is not UnixFS is still a block, and may be a DAG.
    if (error instanceof OvnError && error.code === 'malformed') return 'other';
    throw error;
  }
}
