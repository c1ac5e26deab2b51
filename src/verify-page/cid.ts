import { type Bytes, sha256 } from './bytes.ts';

/** Codecs of the blocks of an edition, the second byte of a binary CID. */
export const RAW = 0x55;
export const DAG_PB = 0x70;

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const PREFIX_LENGTH = 4;
const DIGEST_LENGTH = 32;
const CID_LENGTH = PREFIX_LENGTH + DIGEST_LENGTH;
const CID_TEXT = /^baf(?:krei|ybei)[a-z2-7]{52}$/;

/** Whether a text is a CID of the one kind there is in an edition: version 1, sha2-256, raw or dag-pb, base32. */
export function isCid(text: string): boolean {
  const bytes = CID_TEXT.test(text) ? binaryCid(text) : undefined;
  return bytes !== undefined && cidText(bytes) === text;
}

/** Whether it names a dag-pb block: a directory, or a file of several blocks. */
export function isDagPb(cid: string): boolean {
  return cid.startsWith('bafybei');
}

/** The CID of a block. */
export async function cidOf(codec: number, block: Bytes): Promise<string> {
  const cid = new Uint8Array(CID_LENGTH);
  cid.set([0x01, codec, 0x12, DIGEST_LENGTH]);
  cid.set(await sha256(block), PREFIX_LENGTH);
  return cidText(cid);
}

/** A binary CID as text; `undefined` for one of another kind. */
export function readCid(bytes: Uint8Array): string | undefined {
  const [version, codec, hash, length] = bytes;
  const isOurs = version === 1 && (codec === RAW || codec === DAG_PB) && hash === 0x12 && length === 32;
  return isOurs && bytes.length === CID_LENGTH ? cidText(bytes) : undefined;
}

/** The 36 bytes of a CID that {@link isCid}. */
export function binaryCid(cid: string): Bytes {
  const bytes = new Uint8Array(CID_LENGTH);
  let [bits, value, at] = [0, 0, 0];
  for (const digit of cid.slice(1)) {
    value = ((value << 5) | BASE32.indexOf(digit)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = value >> bits;
  }
  return bytes;
}

function cidText(bytes: Uint8Array): string {
  let [bits, value, text] = [0, 0, 'b'];
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(value >> (bits - 5)) & 31];
  }
  return bits === 0 ? text : text + BASE32[(value << (5 - bits)) & 31];
}
