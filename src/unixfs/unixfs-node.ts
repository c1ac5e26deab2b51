import { decode, type PBLink } from '@ipld/dag-pb';
import { UnixFS } from 'ipfs-unixfs';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { BlockReader, Link } from './block.ts';
import { DAG_PB } from './codecs.ts';
import { inlineBytes } from './hash.ts';
import { MAX_BLOCK } from './profile.ts';

/** A dag-pb block of UnixFS, decoded. */
export interface UnixfsNode {
  cid: CID;
  type: string;
  data: Uint8Array;
  links: PBLink[];
  blockSizes: bigint[];
  fanout: number;
}

const NO_BYTES = new Uint8Array(0);

/**
 * The bytes of a block that must be there. Identity CIDs are answered from themselves.
 * @throws OvnError `not-found` naming the CID, `limit` for a block that no implementation would exchange
 */
export async function loadBlock(cid: CID, read: BlockReader): Promise<Uint8Array> {
  const bytes = inlineBytes(cid) ?? (await read(cid));
  if (bytes === undefined) throw new OvnError('not-found', `block ${cid} is not here`);
  if (bytes.length > MAX_BLOCK) throw new OvnError('limit', `block ${cid} is larger than ${MAX_BLOCK} bytes`);
  return bytes;
}

/**
 * Decodes a block of UnixFS.
 * @throws OvnError `malformed` when it is not one
 */
export function decodeUnixfs(cid: CID, bytes: Uint8Array): UnixfsNode {
  try {
    const { Data, Links } = decode(bytes);
    if (Data === undefined) throw new Error('it has no UnixFS data');
    const { type, data, blockSizes, fanout } = UnixFS.unmarshal(Data);
    return { cid, type, data: data ?? NO_BYTES, links: Links, blockSizes, fanout: Number(fanout ?? 0n) };
  } catch (cause) {
    throw new OvnError('malformed', `block ${cid} is not UnixFS: ${messageOf(cause)}`, { cause });
  }
}

/** The node of a file or folder; nothing where a block is of none. */
export function unixfsOf(cid: CID, bytes: Uint8Array): UnixfsNode | undefined {
  if (cid.code !== DAG_PB) return undefined;
  try {
    return decodeUnixfs(cid, bytes);
  } catch {
    return undefined;
  }
}

/**
 * A link to what a CID names, with the Tsize that a directory would give it.
 * @throws OvnError `not-found`, `malformed`
 */
export async function linkTo(cid: CID, read: BlockReader): Promise<Link> {
  const bytes = await loadBlock(cid, read);
  if (cid.code !== DAG_PB) return { cid, size: bytes.length };
  const { links } = decodeUnixfs(cid, bytes);
  return { cid, size: links.reduce((sum, link) => sum + sizeOf(cid, link), bytes.length) };
}

/**
 * Tsize of a link; a link without one counts as 0.
 * @throws OvnError `malformed` where it is beyond exact integers
 */
export function sizeOf(parent: CID, link: PBLink): number {
  const size = link.Tsize ?? 0;
  if (!Number.isSafeInteger(size))
    throw new OvnError('malformed', `block ${parent} has a link with Tsize ${size}`);
  return size;
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
