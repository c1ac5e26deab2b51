import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { DAG_PB, RAW } from '../../unixfs/codecs.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { decodeUnixfs, loadBlock } from '../../unixfs/unixfs-node.ts';
import { Refusal } from './messages.ts';

/** What a path names. */
export interface Located {
  cid: CID;
  /** The CIDs on the way, that of the path's root first and `cid` last. */
  roots: CID[];
  /** The names below the root. */
  names: string[];
  kind: 'folder' | 'file' | 'other';
}

/**
 * The CID that stands in an address.
 * @throws Refusal 400
 */
export function parseCid(text: string): CID {
  try {
    return CID.parse(text);
  } catch {
    throw new Refusal(400, 'What follows /ipfs/ in the address is not a CID.');
  }
}

/**
 * Goes down a path from a root.
 * @throws Refusal 404 when there is nothing at its end; OvnError `not-found` when a block on the way is not held, `malformed`
 */
export async function locate(root: CID, names: string[], read: BlockReader): Promise<Located> {
  const roots = [root];
  for (const [depth, name] of names.entries()) {
    const link = await resolvePath(roots[depth] ?? root, [name], read);
    if (link === undefined) throw new Refusal(404, 'There is nothing at this address.');
    roots.push(link.cid);
  }
  const cid = roots.at(-1) ?? root;
  return { cid, roots, names, kind: await kindOf(cid, read) };
}

async function kindOf(cid: CID, read: BlockReader): Promise<Located['kind']> {
  const block = await loadBlock(cid, read);
  if (cid.code === RAW) return 'file';
  if (cid.code !== DAG_PB) return 'other';
  try {
    const { type } = decodeUnixfs(cid, block);
    if (type === 'directory' || type === 'hamt-sharded-directory') return 'folder';
    return type === 'file' || type === 'raw' ? 'file' : 'other';
  } catch (error) {
    // dag-pb that is not UnixFS is still a block, and may be a DAG.
    if (error instanceof OvnError && error.code === 'malformed') return 'other';
    throw error;
  }
}
