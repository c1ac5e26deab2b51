import type { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { Block, BlockReader } from '../unixfs/block.ts';
import { varintLength, writeVarint } from '../unixfs/varint.ts';
import { type WalkOptions, walkDag } from '../unixfs/walk.ts';
import { encodeHeader } from './car-header.ts';

/**
 * A DAG as a CARv1 with one root, depth first, each block once (`order=dfs; dups=n`, IPIP-0412): the same bytes whenever and wherever.
 * @throws OvnError `incomplete` naming the block that is not held: what was given out until then is no CAR; `malformed`
 */
export function writeCar(
  root: CID,
  read: BlockReader,
  options: { signal?: AbortSignal | undefined } = {},
): AsyncGenerator<Uint8Array> {
  return packCar(root, wholeDag(root, read, options));
}

/** Bytes that are given out together, at least: a portion for each small block would cost more than the block. */
const PORTION = 64 * 1024;

/** Blocks as a CARv1 with one root, in the order in which they come. */
export async function* packCar(root: CID, blocks: AsyncIterable<Block>): AsyncGenerator<Uint8Array> {
  let pieces = section([encodeHeader([root])]);
  let length = 0;
  for await (const { cid, bytes } of blocks) {
    pieces.push(...section([cid.bytes, bytes]));
    length += bytes.length;
    if (length < PORTION) continue;
    yield Buffer.concat(pieces);
    pieces = [];
    length = 0;
  }
  if (pieces.length > 0) yield Buffer.concat(pieces);
}

/**
 * The blocks of a DAG that must all be there, as {@link walkDag} gives them.
 * @throws OvnError `incomplete` naming the block that is not held, `malformed`
 */
export async function* wholeDag(
  root: CID,
  read: BlockReader,
  options: WalkOptions = {},
): AsyncGenerator<Block> {
  for await (const { cid, bytes } of walkDag(root, read, options)) {
    if (bytes === undefined) throw new OvnError('incomplete', `block ${cid} of ${root} is not here`);
    yield { cid, bytes };
  }
}

/** Pieces in a row, behind their length as a varint. */
function section(pieces: Uint8Array[]): Uint8Array[] {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const prefix = new Uint8Array(varintLength(length));
  writeVarint(prefix, 0, length);
  return [prefix, ...pieces];
}
