import type { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { BlockReader } from './block.ts';
import { DAG_PB, RAW } from './codecs.ts';
import { cidKey } from './hash.ts';
import { decodeUnixfs, loadBlock } from './unixfs-node.ts';

/** `limit`: bytes above which nothing is read. */
export interface ReadOptions {
  limit: number;
  signal?: AbortSignal | undefined;
}

/** `start` and `end` (exclusive) are byte offsets; `maxDepth` bounds the levels below the root. */
export interface StreamOptions {
  start?: number | undefined;
  end?: number | undefined;
  signal?: AbortSignal | undefined;
  maxDepth?: number | undefined;
}

/** Bytes at the front of a node, and the nodes below it that hold the rest in order. */
interface FileNode {
  data: Uint8Array;
  parts: { cid: CID; size: number }[];
  size: number;
}

interface Pending {
  node: FileNode | CID;
  from: number;
  size: number;
  depth: number;
}

/** Levels below the root of any file that an implementation makes (trickle layouts are the deepest). */
const MAX_DEPTH = 32;

/** A file may have this many blocks, and one more for each so many bytes: a DAG of one-byte leaves is no file. */
const FREE_BLOCKS = 4096;
const BYTES_A_BLOCK = 64;

/**
 * The bytes of a file.
 * @throws OvnError `limit` when it says to be larger than `limit`, before more than its root is read; else as {@link streamFile}
 */
export async function readFile(root: CID, read: BlockReader, options: ReadOptions): Promise<Uint8Array> {
  const node = await loadFileNode(root, read);
  if (node.size > options.limit)
    throw new OvnError('limit', `file ${root} is larger than ${options.limit} bytes`);
  if (node.parts.length === 0) return node.data;
  const bytes = new Uint8Array(node.size);
  let offset = 0;
  for await (const piece of streamNode(node, read, { signal: options.signal })) {
    bytes.set(piece, offset);
    offset += piece.length;
  }
  return bytes;
}

/**
 * The bytes of a file or of a range of it, block by block as the reader asks for them. Safe against hostile DAGs: each step yields bytes
 * or goes down, sizes must be what the parent declares, depth and number of blocks are bounded by the bytes asked for.
 * @throws OvnError `not-found` naming the missing block, `malformed` when it is not a file or contradicts itself, `limit`
 */
export async function* streamFile(
  root: CID,
  read: BlockReader,
  options: StreamOptions = {},
): AsyncGenerator<Uint8Array> {
  yield* streamNode(await loadFileNode(root, read), read, options);
}

/**
 * Bytes that a file says to have; only reading it proves that.
 * @throws OvnError `not-found`, `malformed`
 */
export async function fileSize(root: CID, read: BlockReader): Promise<number> {
  return (await loadFileNode(root, read)).size;
}

/**
 * The size of a file, proven by all blocks below it: each is looked at once, however often it lies in the file. A few blocks can
 * be a file of petabytes, which would never be read to its end.
 * @throws OvnError as {@link streamFile}
 */
export async function measureFile(
  root: CID,
  read: BlockReader,
  options: Pick<StreamOptions, 'signal' | 'maxDepth'> = {},
): Promise<number> {
  const measured = new Map<string, Measured>();
  const maxDepth = options.maxDepth ?? MAX_DEPTH;
  const measure = async (cid: CID, depth: number): Promise<Measured> => {
    options.signal?.throwIfAborted();
    const known = measured.get(cidKey(cid));
    if (depth + (known?.height ?? 0) > maxDepth)
      throw new OvnError('malformed', `block ${cid} lies too deep in its file`);
    if (known !== undefined) return known;
    const { size, parts } = await loadFileNode(cid, read);
    let height = 0;
    for (const part of parts) {
      if (part.size === 0) continue;
      const below = await measure(part.cid, depth + 1);
      if (below.size !== part.size) throw otherSize(part.cid, below.size, part.size);
      height = Math.max(height, below.height + 1);
    }
    const found = { size, height };
    measured.set(cidKey(cid), found);
    return found;
  };
  return (await measure(root, 0)).size;
}

/** A block of a file: the bytes that it stands for, and the levels below it. */
interface Measured {
  size: number;
  height: number;
}

async function* streamNode(
  root: FileNode,
  read: BlockReader,
  options: StreamOptions,
): AsyncGenerator<Uint8Array> {
  const start = options.start ?? 0;
  const end = Math.min(options.end ?? root.size, root.size);
  let budget = FREE_BLOCKS + (end - start) / BYTES_A_BLOCK;
  const pending: Pending[] = [{ node: root, from: 0, size: root.size, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    options.signal?.throwIfAborted();
    if (--budget < 0) throw new OvnError('limit', 'the file has more blocks than its size allows');
    const node = await resolveNode(next, read, options.maxDepth ?? MAX_DEPTH);
    const piece = node.data.subarray(Math.max(0, start - next.from), Math.max(0, end - next.from));
    if (piece.length > 0) yield piece;
    pushParts(pending, node, next, start, end);
  }
}

async function resolveNode(next: Pending, read: BlockReader, maxDepth: number): Promise<FileNode> {
  if (!('code' in next.node)) return next.node;
  if (next.depth > maxDepth) throw new OvnError('malformed', `block ${next.node} lies too deep in its file`);
  const node = await loadFileNode(next.node, read);
  if (node.size === next.size) return node;
  throw otherSize(next.node, node.size, next.size);
}

function otherSize(cid: CID, size: number, declared: number): OvnError {
  return new OvnError('malformed', `block ${cid} has ${size} bytes where its file declares ${declared}`);
}

/** Puts the children that overlap the range on the stack, the first one on top. */
function pushParts(pending: Pending[], node: FileNode, parent: Pending, start: number, end: number): void {
  let to = parent.from + node.size;
  for (const { cid, size } of node.parts.toReversed()) {
    const from = to - size;
    if (size > 0 && to > start && from < end)
      pending.push({ node: cid, from, size, depth: parent.depth + 1 });
    to = from;
  }
}

async function loadFileNode(cid: CID, read: BlockReader): Promise<FileNode> {
  if (cid.code !== RAW && cid.code !== DAG_PB) throw new OvnError('malformed', `${cid} is not a UnixFS file`);
  const bytes = await loadBlock(cid, read);
  return cid.code === RAW ? { data: bytes, parts: [], size: bytes.length } : decodeFileNode(cid, bytes);
}

function decodeFileNode(cid: CID, bytes: Uint8Array): FileNode {
  const { type, data, links, blockSizes } = decodeUnixfs(cid, bytes);
  if (type !== 'file' && type !== 'raw') throw new OvnError('malformed', `${cid} is a ${type}, not a file`);
  if (blockSizes.length !== links.length)
    throw new OvnError('malformed', `file ${cid} has links without sizes`);
  const parts = links.map(({ Hash }, index) => ({ cid: Hash, size: Number(blockSizes[index]) }));
  const size = parts.reduce((sum, part) => sum + part.size, data.length);
  if (!Number.isSafeInteger(size)) throw new OvnError('malformed', `file ${cid} declares an impossible size`);
  return { data, parts, size };
}
