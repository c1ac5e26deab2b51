import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { Block } from '../unixfs/block.ts';
import { cidKey, isInline, verifyBlock } from '../unixfs/hash.ts';
import { ByteSource } from './byte-source.ts';
import { readHeader, readV2Header } from './car-header.ts';
import { CAR_LIMITS, type CarItem, type CarLimits, MAX_CID } from './car-limits.ts';

/**
 * Reads a CAR (version 1, or the one inside a version 2) from outside: its roots, then its blocks in whatever order they come. No
 * block is given out before it is hashed, and at the end every root must have been among them; until then nothing that was given out may
 * be taken for the whole.
 * @throws OvnError `malformed` with the byte offset for what breaks off, is not in the one proper form or does not match its CID; `limit`
 */
export async function* readCar(
  chunks: AsyncIterable<Uint8Array>,
  limits: Partial<CarLimits> = {},
): AsyncGenerator<CarItem> {
  const all = { ...CAR_LIMITS, ...limits };
  const source = new ByteSource(chunks, all.total);
  try {
    const roots = await readHeader(source, all);
    if (roots === 'v2') yield* readV2(source, all);
    else yield* readV1(source, roots, Number.POSITIVE_INFINITY, all);
  } finally {
    await source.close();
  }
}

async function* readV2(source: ByteSource, limits: CarLimits): AsyncGenerator<CarItem> {
  const { end, index } = await readV2Header(source);
  const roots = await readHeader(source, limits);
  if (roots === 'v2') throw new OvnError('malformed', 'a CARv2 inside a CARv2');
  yield* readV1(source, roots, end, limits);
  await source.drain();
  if (source.offset <= index)
    throw new OvnError('malformed', `the file breaks off at byte ${source.offset}, before its index`);
}

async function* readV1(
  source: ByteSource,
  roots: CID[],
  end: number,
  limits: CarLimits,
): AsyncGenerator<CarItem> {
  const missing = new Map(roots.filter((root) => !isInline(root)).map((root) => [cidKey(root), root]));
  yield { roots };
  for (let count = 0; source.offset < end && !(await isOver(source, end)); count++) {
    if (count >= limits.blocks) throw new OvnError('limit', `the CAR has more than ${limits.blocks} blocks`);
    const block = await readBlock(source, limits);
    missing.delete(cidKey(block.cid));
    yield block;
  }
  if (source.offset > end)
    throw new OvnError('malformed', `a block reaches beyond the CARv2's data at byte ${end}`);
  for (const root of missing.values())
    throw new OvnError('malformed', `the CAR names the root ${root} and does not hold it`);
}

/** A CARv1 of its own ends where the file does; the one in a CARv2 where the header says. */
async function isOver(source: ByteSource, end: number): Promise<boolean> {
  return end === Number.POSITIVE_INFINITY && (await source.isAtEnd());
}

async function readBlock(source: ByteSource, limits: CarLimits): Promise<Block> {
  const offset = source.offset;
  const length = await source.varint();
  if (length > limits.block + MAX_CID)
    throw new OvnError('limit', `the block at byte ${offset} has ${length} bytes`);
  const [cid, bytes] = splitSection(await source.take(length), offset);
  if (bytes.length > limits.block) throw new OvnError('limit', `block ${cid} has ${bytes.length} bytes`);
  if (verifyBlock(cid, bytes)) return { cid, bytes };
  throw new OvnError(
    'malformed',
    `the block at byte ${offset} does not match its CID ${cid}, or has a hash that is not accepted`,
  );
}

function splitSection(section: Uint8Array, offset: number): [CID, Uint8Array] {
  try {
    return CID.decodeFirst(section);
  } catch (cause) {
    throw new OvnError('malformed', `no CID at byte ${offset}`, { cause });
  }
}
