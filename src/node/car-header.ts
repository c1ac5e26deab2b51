import { decode, encode } from '@ipld/dag-cbor';
import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import type { ByteSource } from './byte-source.ts';
import type { CarLimits } from './car-limits.ts';

/** Where the CARv1 inside a CARv2 lies: byte offsets from the start of the file. `index` is 0 where there is none. */
export interface CarV2Header {
  start: number;
  end: number;
  index: number;
}

/** Bytes of the pragma and the header of a CARv2. */
const V2_PRAGMA = 11;
const V2_HEADER = 40;

/** The header of a CARv1 without its length: dag-cbor `{roots, version: 1}`. */
export function encodeHeader(roots: readonly CID[]): Uint8Array {
  return encode({ roots, version: 1 });
}

/**
 * Reads the header of a CARv1, or finds that the file is a CARv2.
 * @throws OvnError `malformed` for anything but the one encoding of a header with at least one root; `limit`
 */
export async function readHeader(source: ByteSource, limits: CarLimits): Promise<CID[] | 'v2'> {
  const offset = source.offset;
  const length = await source.varint();
  if (length > limits.header) throw new OvnError('limit', `the CAR's header has ${length} bytes`);
  const bytes = await source.take(length);
  const header = decodeHeader(bytes);
  if (header === undefined || !isEqual(encode(header), bytes)) {
    throw new OvnError('malformed', `no CAR header at byte ${offset}`);
  }
  if (header.version === 2) return 'v2';
  if (header.roots.length > limits.roots)
    throw new OvnError('limit', `the CAR has ${header.roots.length} roots`);
  return header.roots;
}

/**
 * Reads what follows the pragma of a CARv2 (CARv2 specification, "Header"), and the bytes up to the data.
 * @throws OvnError `malformed`
 */
export async function readV2Header(source: ByteSource): Promise<CarV2Header> {
  const bytes = Buffer.from(await source.take(V2_HEADER));
  const [start, size, index] = [16, 24, 32].map((at) => Number(bytes.readBigUInt64LE(at))) as [
    number,
    number,
    number,
  ];
  const end = start + size;
  const isPossible =
    start >= V2_PRAGMA + V2_HEADER && Number.isSafeInteger(end) && (index === 0 || index >= end);
  if (!isPossible) throw new OvnError('malformed', 'the CARv2 header contradicts itself');
  await source.skip(start - source.offset);
  return { start, end, index };
}

function decodeHeader(bytes: Uint8Array): { version: 1; roots: CID[] } | { version: 2 } | undefined {
  try {
    const header = decode<{ version?: unknown; roots?: unknown }>(bytes);
    if (header.version === 2 && header.roots === undefined) return { version: 2 };
    if (header.version !== 1 || !Array.isArray(header.roots) || header.roots.length === 0) return undefined;
    const roots = header.roots.filter((root): root is CID => CID.asCID(root) !== null);
    return roots.length === header.roots.length ? { roots, version: 1 } : undefined;
  } catch {
    return undefined;
  }
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
