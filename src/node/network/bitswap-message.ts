import type { CID } from 'multiformats/cid';
import { bytesField, numberField, readFields, readVarint, varint } from './protobuf.ts';

/** The protocol that is spoken (Bitswap specification, 1.2.0). */
export const BITSWAP = '/ipfs/bitswap/1.2.0';

/** What a peer is asked: for a block, with an answer where it does not have it, or not to send it after all. */
export interface Wanted {
  cid: CID;
  cancel: boolean;
}

/** What a peer says. */
export interface BitswapMessage {
  /** Blocks, with the code of the hash that they go by. */
  blocks: { hashCode: number; bytes: Uint8Array }[];
  /** The bytes of CIDs that it does not have. */
  absent: Uint8Array[];
}

const ENTRY = { block: 1, priority: 2, cancel: 3, wantType: 4, sendDontHave: 5 };
const MESSAGE = { wantlist: 1, payload: 3, presences: 4 };
const DONT_HAVE = 1;

/** A list of wants on top of those that were sent before, with its length in front, as it goes over the wire. */
export function encodeWants(wants: Iterable<Wanted>): Uint8Array {
  const entries = Array.from(wants, (wanted) => bytesField(1, encodeEntry(wanted)));
  const message = bytesField(MESSAGE.wantlist, Buffer.concat(entries));
  return Buffer.concat([varint(message.length), message]);
}

/** @throws OvnError `malformed` where the bytes are no message */
export function decodeMessage(bytes: Uint8Array): BitswapMessage {
  const message: BitswapMessage = { blocks: [], absent: [] };
  for (const { number, value } of readFields(bytes)) {
    if (typeof value === 'number') continue;
    if (number === MESSAGE.payload) readBlock(value, message);
    if (number === MESSAGE.presences) readPresence(value, message);
  }
  return message;
}

function encodeEntry({ cid, cancel }: Wanted): Uint8Array {
  const block = bytesField(ENTRY.block, cid.bytes);
  if (cancel) return Buffer.concat([block, numberField(ENTRY.cancel, 1)]);
  return Buffer.concat([block, numberField(ENTRY.priority, 1), numberField(ENTRY.sendDontHave, 1)]);
}

function readBlock(bytes: Uint8Array, { blocks }: BitswapMessage): void {
  let prefix: Uint8Array | undefined;
  let data: Uint8Array | undefined;
  for (const { number, value } of readFields(bytes)) {
    if (number === 1 && typeof value !== 'number') prefix = value;
    if (number === 2 && typeof value !== 'number') data = value;
  }
  const hashCode = prefix === undefined ? undefined : readHashCode(prefix);
  if (hashCode !== undefined) blocks.push({ hashCode, bytes: data ?? new Uint8Array(0) });
}

/** The prefix of a block's CID is its version, codec, hash code and digest length. */
function readHashCode(prefix: Uint8Array): number | undefined {
  const version = readVarint(prefix, 0);
  const codec = version && readVarint(prefix, version.end);
  return (codec && readVarint(prefix, codec.end))?.value;
}

function readPresence(bytes: Uint8Array, { absent }: BitswapMessage): void {
  let cid: Uint8Array | undefined;
  let type = 0;
  for (const { number, value } of readFields(bytes)) {
    if (number === 1 && typeof value !== 'number') cid = value;
    if (number === 2 && typeof value === 'number') type = value;
  }
  if (cid !== undefined && type === DONT_HAVE) absent.push(cid);
}
