import { hash } from 'node:crypto';
import { CID } from 'multiformats/cid';
import { Digest } from 'multiformats/hashes/digest';
import { DAG_PB, RAW } from './codecs.ts';

const SHA2_256 = 0x12;
const SHA2_256_LENGTH = 32;
const SHA2_512 = 0x13;
const IDENTITY = 0x00;

/** Bytes that an identity CID may carry (IPIP-0512). */
const MAX_INLINE = 128;

/** The CID of a raw block: sha2-256, version 1. */
export function rawCid(bytes: Uint8Array): CID {
  return cidOf(RAW, bytes);
}

/** The CID of a dag-pb block: sha2-256, version 1. */
export function dagPbCid(bytes: Uint8Array): CID {
  return cidOf(DAG_PB, bytes);
}

/**
 * Whether the bytes hash to the CID. Only whole sha2-256 and sha2-512 digests and identity up to 128 bytes count: anything else,
 * truncated digests among it, is `false`.
 */
export function verifyBlock(cid: CID, bytes: Uint8Array): boolean {
  const { code, digest } = cid.multihash;
  if (code === SHA2_256) return hash('sha256', bytes, 'buffer').equals(digest);
  if (code === SHA2_512) return hash('sha512', bytes, 'buffer').equals(digest);
  return code === IDENTITY && digest.length <= MAX_INLINE && Buffer.compare(digest, bytes) === 0;
}

/** The bytes that an identity CID carries in itself; `undefined` for every other CID, and where it carries too many. */
export function inlineBytes(cid: CID): Uint8Array | undefined {
  const { code, digest } = cid.multihash;
  return code === IDENTITY && digest.length <= MAX_INLINE ? digest : undefined;
}

/** Whether the CID carries its bytes in itself, so that it is in no blockstore and in no CAR. */
export function isInline(cid: CID): boolean {
  return cid.multihash.code === IDENTITY;
}

/** A key for maps and sets of CIDs, ten times cheaper than the CID's text. */
export function cidKey(cid: CID): string {
  const { buffer, byteOffset, length } = cid.bytes;
  return Buffer.from(buffer, byteOffset, length).toString('latin1');
}

/** Bytes of a CID of version 1 with a sha2-256 digest. */
export const CID_LENGTH = 4 + SHA2_256_LENGTH;

/** Whether a CID of a file or directory, {@link CID_LENGTH} bytes of it, may begin at an offset. */
export function isCidHead(bytes: Uint8Array, at: number): boolean {
  const codec = bytes[at + 1];
  if (bytes[at] !== 1 || (codec !== RAW && codec !== DAG_PB)) return false;
  return bytes[at + 2] === SHA2_256 && bytes[at + 3] === SHA2_256_LENGTH;
}

/** The CID of {@link CID_LENGTH} bytes, where they are one of a file or directory; a copy of them. */
export function cidOfBytes(bytes: Uint8Array): CID | undefined {
  if (bytes.length !== CID_LENGTH || !isCidHead(bytes, 0)) return undefined;
  return cidWith(bytes[1] ?? 0, Uint8Array.from(bytes));
}

/** Laid out directly, for the hot path of publishing: version, codec, hash and length are one byte each. */
function cidOf(codec: number, block: Uint8Array): CID {
  const bytes = new Uint8Array(CID_LENGTH);
  bytes.set([1, codec, SHA2_256, SHA2_256_LENGTH]);
  bytes.set(hash('sha256', block, 'buffer'), 4);
  return cidWith(codec, bytes);
}

function cidWith(codec: number, bytes: Uint8Array<ArrayBuffer>): CID {
  const multihash = new Digest(SHA2_256, SHA2_256_LENGTH, bytes.subarray(4), bytes.subarray(2));
  return new CID(1, codec, multihash, bytes);
}
