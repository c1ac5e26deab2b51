import type { CID } from 'multiformats/cid';
import { DAG_PB } from './codecs.ts';
import { FlatDirectory } from './flat-directory.ts';
import { cidKey } from './hash.ts';
import { type UnixfsNode, unixfsOf } from './unixfs-node.ts';

/** The bytes of a block, at once; nothing where it is not held. */
type GetBytes = (cid: CID) => Uint8Array | undefined;

/** Nodes of a sharded directory above which a name is not looked for any further. */
const MOST_SHARDS = 10_000;

/**
 * What a directory that is held has under a name, without waiting; nothing where it has no such entry, is none, cannot be decoded or is
 * not held. All nodes of a sharded one are looked through.
 */
export function heldEntry(directory: CID, name: string, getBytes: GetBytes): CID | undefined {
  const seen = new Set<string>();
  const pending = [directory];
  for (let cid = pending.pop(); cid !== undefined && seen.size < MOST_SHARDS; cid = pending.pop()) {
    if (cid.code !== DAG_PB || seen.has(cidKey(cid))) continue;
    seen.add(cidKey(cid));
    const bytes = getBytes(cid);
    if (bytes === undefined) continue;
    const flat = FlatDirectory.parse(bytes);
    if (flat !== undefined) return flat.get(name)?.cid;
    const node = unixfsOf(cid, bytes);
    if (node === undefined || !(node.type === 'directory' || isSharded(node))) continue;
    // A name in a sharded directory comes after the digits of its slot.
    const digits = isSharded(node) ? (node.fanout - 1).toString(16).length : 0;
    for (const { Name = '', Hash } of node.links) {
      const label = Name.slice(digits);
      if (label === name) return Hash;
      if (label === '') pending.push(Hash);
    }
  }
  return undefined;
}

/** What lies at a path below a root, found as {@link heldEntry} does. */
export function heldPath(root: CID, names: readonly string[], getBytes: GetBytes): CID | undefined {
  let cid: CID | undefined = root;
  for (const name of names) {
    cid = heldEntry(cid, name, getBytes);
    if (cid === undefined) return undefined;
  }
  return cid;
}

function isSharded({ type }: UnixfsNode): boolean {
  return type === 'hamt-sharded-directory';
}
