import type { PBLink } from '@ipld/dag-pb';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Block, BlockReader } from '../../unixfs/block.ts';
import { DAG_PB } from '../../unixfs/codecs.ts';
import { cidKey, isInline } from '../../unixfs/hash.ts';
import { loadBlock, type UnixfsNode, unixfsOf } from '../../unixfs/unixfs-node.ts';
import type { EntityBytes } from './car-request.ts';
import { Refusal } from './messages.ts';

/** A block that is to be given: where in the file its bytes begin, and how many there are. */
interface Pending {
  cid: CID;
  from: number;
  size: number;
  depth: number;
}

interface Section {
  start: number;
  end: number;
}

export interface EntityOptions {
  bytes: EntityBytes | undefined;
  /** Whether blocks below one that was come across before are given again. */
  dups: boolean;
  /** Levels below the root. */
  depth: number;
}

const NOTHING: Section = { start: 0, end: 0 };
const WHOLE: Section = { start: Number.NEGATIVE_INFINITY, end: Number.POSITIVE_INFINITY };

/**
 * The blocks of one thing, depth first: of a file those that hold the bytes that are wanted, of a folder those that list it, of anything
 * else its one block (Trustless Gateway Specification, `dag-scope=entity`).
 * @throws Refusal 400 when the file ends before the bytes begin; OvnError `not-found`, `malformed`
 */
export async function* entityBlocks(
  root: CID,
  read: BlockReader,
  options: EntityOptions,
): AsyncGenerator<Block> {
  let section = WHOLE;
  const done = new Set<string>();
  const pending: Pending[] = [{ cid: root, from: 0, size: 0, depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { cid, depth } = next;
    // Of a block that lies across an end of the section, other parts may be wanted than at another place.
    const whole = next.from >= section.start && next.from + next.size <= section.end;
    if (!options.dups && done.has(cidKey(cid))) continue;
    if (depth > options.depth) throw new OvnError('malformed', `block ${cid} lies too deep`);
    const bytes = await loadBlock(cid, read);
    // A block that is of no file or folder has nothing below it that belongs to it.
    const node = unixfsOf(cid, bytes);
    if (depth === 0 && options.bytes !== undefined)
      section = sectionOf(options.bytes, cid, node, bytes.length);
    else if (whole) done.add(cidKey(cid));
    if (!isInline(cid)) yield { cid, bytes };
    if (node !== undefined) pending.push(...partsOf(node, next, section).reverse());
  }
}

function partsOf(node: UnixfsNode, { from, depth }: Pending, { start, end }: Section): Pending[] {
  if (node.type === 'hamt-sharded-directory') return shardsOf(node, depth);
  if (node.type !== 'file' && node.type !== 'raw') return [];
  let at = from + node.data.length;
  const parts: Pending[] = [];
  for (const [index, { Hash }] of node.links.entries()) {
    const size = Number(node.blockSizes[index] ?? 0n);
    if (at < end && at + size > start) parts.push({ cid: Hash, from: at, size, depth: depth + 1 });
    at += size;
  }
  return parts;
}

/** The links of a sharded folder whose names are an index alone lead to nodes of its own. */
function shardsOf({ links, fanout }: UnixfsNode, depth: number): Pending[] {
  const digits = (fanout - 1).toString(16).length;
  const isNode = ({ Name }: PBLink) => (Name ?? '').length === digits;
  return links.filter(isNode).map(({ Hash }) => ({ cid: Hash, from: 0, size: 0, depth: depth + 1 }));
}

/** The bytes that are wanted of a file; of what is none, everything. */
function sectionOf(
  { from, to }: EntityBytes,
  cid: CID,
  node: UnixfsNode | undefined,
  length: number,
): Section {
  const size = cid.code === DAG_PB ? sizeOfFile(node) : length;
  if (size === undefined) return WHOLE;
  const start = from < 0 ? Math.max(0, size + from) : from;
  const end = to === undefined ? size : to < 0 ? size + to + 1 : Math.min(size, to + 1);
  if (start >= size && size > 0)
    throw new Refusal(400, `The file has ${size} bytes, and entity-bytes begins behind them.`);
  return start < end ? { start, end } : NOTHING;
}

function sizeOfFile(node: UnixfsNode | undefined): number | undefined {
  if (node?.type !== 'file' && node?.type !== 'raw') return undefined;
  return node.blockSizes.reduce((sum, size) => sum + Number(size), node.data.length);
}
