import { murmur364 } from '@multiformats/murmur3';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { BlockReader, Link } from './block.ts';
import { type DirectoryEntry, isEntryName } from './directory-block.ts';
import { decodeUnixfs, loadBlock, sizeOf, type UnixfsNode } from './unixfs-node.ts';

/** A node of a sharded directory (UnixFS specification, HAMT): its slots by index; a slot without a name is a node below. */
interface Shard {
  slots: Map<number, { name: string; link: Link }>;
  bits: number;
}

/** Bits of the hash of a name that choose its way down. */
const HASH_BITS = 64;
const MAX_SLOT_BITS = 10;

/** What is handed down while all entries are collected. */
interface Collection {
  entries: DirectoryEntry[];
  limit: number;
  read: BlockReader;
  signal: AbortSignal | undefined;
}

/**
 * All entries of a sharded directory, in the order of its slots. Each must lie where the hash of its name says, so that listing and
 * {@link findInShards} never disagree, and a node that repeats itself is refused at its first entry.
 * @throws OvnError `malformed`, `not-found`, `limit` for more than `limit` entries
 */
export async function readShards(
  root: UnixfsNode,
  limit: number,
  read: BlockReader,
  signal?: AbortSignal,
): Promise<DirectoryEntry[]> {
  const collection: Collection = { entries: [], limit, read, signal };
  await collect(root, [], collection);
  return collection.entries;
}

/**
 * The entry of that name in a sharded directory, by the nodes on its way only.
 * @throws OvnError `malformed`, `not-found`
 */
export async function findInShards(
  root: UnixfsNode,
  name: string,
  read: BlockReader,
): Promise<Link | undefined> {
  const hash = await hashName(name);
  let node = root;
  for (let depth = 0; ; depth++) {
    const { slots, bits } = decodeShard(node);
    const slot = slots.get(slotOf(hash, depth, bits, node.cid));
    if (slot === undefined || slot.name !== '') return slot?.name === name ? slot.link : undefined;
    node = await loadShard(slot.link.cid, node.fanout, read);
  }
}

async function collect(node: UnixfsNode, way: number[], collection: Collection): Promise<void> {
  collection.signal?.throwIfAborted();
  const { slots, bits } = decodeShard(node);
  if (slots.size === 0 && way.length > 0) throw malformed(node.cid, 'is an empty node');
  if ((way.length + 1) * bits > HASH_BITS) throw malformed(node.cid, 'lies too deep');
  for (const [index, { name, link }] of slots) {
    if (name === '')
      await collect(await loadShard(link.cid, node.fanout, collection.read), [...way, index], collection);
    else await collectEntry({ name, ...link }, [...way, index], bits, node.cid, collection);
  }
}

async function collectEntry(
  entry: DirectoryEntry,
  way: number[],
  bits: number,
  cid: CID,
  to: Collection,
): Promise<void> {
  const hash = await hashName(entry.name);
  if (way.some((index, depth) => slotOf(hash, depth, bits, cid) !== index))
    throw malformed(cid, 'holds an entry out of place');
  if (to.entries.length >= to.limit)
    throw new OvnError('limit', `the directory has more than ${to.limit} entries`);
  to.entries.push(entry);
}

async function loadShard(cid: CID, fanout: number, read: BlockReader): Promise<UnixfsNode> {
  const node = decodeUnixfs(cid, await loadBlock(cid, read));
  if (node.type !== 'hamt-sharded-directory' || node.fanout !== fanout)
    throw malformed(cid, 'does not belong there');
  return node;
}

function decodeShard(node: UnixfsNode): Shard {
  const { cid, fanout, links } = node;
  const bits = Math.log2(fanout);
  if (!Number.isInteger(bits) || bits < 3 || bits > MAX_SLOT_BITS)
    throw malformed(cid, `has the fan-out ${fanout}`);
  const digits = (fanout - 1).toString(16).length;
  const slots: Shard['slots'] = new Map();
  for (const link of links) {
    const label = link.Name ?? '';
    const index = parseIndex(label.slice(0, digits), digits);
    const name = label.slice(digits);
    if (index === undefined || index >= fanout || slots.has(index)) throw malformed(cid, 'has a false slot');
    if (name !== '' && !isEntryName(name)) throw malformed(cid, `has an entry named ${JSON.stringify(name)}`);
    slots.set(index, { name, link: { cid: link.Hash, size: sizeOf(cid, link) } });
  }
  if (!sameBits(node.data, slots)) throw malformed(cid, 'has a false bit field');
  return { slots, bits };
}

function parseIndex(text: string, digits: number): number | undefined {
  return text.length === digits && /^[0-9A-F]+$/.test(text) ? Number.parseInt(text, 16) : undefined;
}

/** Other implementations find a slot by the bit field (the last byte's lowest bit is slot 0): it must say what the links say. */
function sameBits(field: Uint8Array, slots: Map<number, unknown>): boolean {
  let count = 0;
  for (const byte of field) for (let rest = byte; rest !== 0; rest &= rest - 1) count++;
  if (count !== slots.size) return false;
  for (const index of slots.keys()) {
    const byte = field[field.length - 1 - (index >> 3)] ?? 0;
    if (((byte >> (index & 7)) & 1) === 0) return false;
  }
  return true;
}

async function hashName(name: string): Promise<bigint> {
  const digest = await murmur364.encode(Buffer.from(name));
  return Buffer.from(digest).readBigUInt64BE();
}

function slotOf(hash: bigint, depth: number, bits: number, cid: CID): number {
  const shift = HASH_BITS - bits * (depth + 1);
  if (shift < 0) throw malformed(cid, 'lies too deep');
  return Number((hash >> BigInt(shift)) & BigInt((1 << bits) - 1));
}

function malformed(cid: CID, what: string): OvnError {
  return new OvnError('malformed', `block ${cid} of a sharded directory ${what}`);
}
