import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { Block } from '../../unixfs/block.ts';
import { NETWORK_LIMITS as LIMITS } from './limits.ts';
import { bytesField, numberField, readFields, readVarint, varint } from './protobuf.ts';

/** The protocol that is spoken (Bitswap specification, 1.2.0). */
export const BITSWAP = '/ipfs/bitswap/1.2.0';

/** What a peer is asked: for a block, with an answer where it does not have it, or not to send it after all. */
export interface Wanted {
  cid: CID;
  cancel: boolean;
}

/** What a peer asks. */
export interface Asked extends Wanted {
  /** Only whether it is here. */
  presence: boolean;
  /** Whether it wants to hear of what is not here. */
  tellAbsence: boolean;
}

/** What a peer is answered. */
export interface Answers {
  blocks: readonly Block[];
  presences: readonly { cid: CID; isHere: boolean }[];
}

/** What a peer says. */
export interface BitswapMessage {
  /** What it asks; in place of all that it asked before where `full`. */
  asked: Asked[];
  full: boolean;
  /** Blocks, with the code of the hash that they go by. */
  blocks: { hashCode: number; bytes: Uint8Array }[];
  /** What it does not have. */
  absent: CID[];
}

const WANTLIST = { entries: 1, full: 2 };
const ENTRY = { block: 1, priority: 2, cancel: 3, wantType: 4, sendDontHave: 5 };
const MESSAGE = { wantlist: 1, payload: 3, presences: 4 };
const WANT_HAVE = 1;
const HAVE = 0;
const DONT_HAVE = 1;

/** A list of wants on top of those that were sent before, with its length in front, as it goes over the wire. */
export function encodeWants(wants: Iterable<Wanted>): Uint8Array {
  const entries = Array.from(wants, (wanted) => bytesField(WANTLIST.entries, encodeEntry(wanted)));
  return framed([bytesField(MESSAGE.wantlist, Buffer.concat(entries))]);
}

/** Answers, with their length in front. */
export function encodeAnswers({ blocks, presences }: Answers): Uint8Array {
  return framed([
    ...blocks.map((block) => bytesField(MESSAGE.payload, encodeBlock(block))),
    ...presences.map(({ cid, isHere }) =>
      bytesField(
        MESSAGE.presences,
        Buffer.concat([bytesField(1, cid.bytes), numberField(2, isHere ? HAVE : DONT_HAVE)]),
      ),
    ),
  ]);
}

/**
 * Threat: half a million things fit into a message, and to take them in would hold up everything else for seconds. What is
 * beyond the limit is not heard.
 *
 * @throws OvnError `malformed` where the bytes are no message
 */
export function decodeMessage(bytes: Uint8Array): BitswapMessage {
  const message: BitswapMessage = { asked: [], full: false, blocks: [], absent: [] };
  for (const { number, value } of readFields(bytes)) {
    if (typeof value === 'number') continue;
    if (number === MESSAGE.wantlist) readWantlist(value, message);
    if (number === MESSAGE.payload && hasRoom(message.blocks)) readBlock(value, message);
    if (number === MESSAGE.presences && hasRoom(message.absent)) readPresence(value, message);
  }
  return message;
}

function hasRoom(list: readonly unknown[]): boolean {
  return list.length < LIMITS.bitswapThings;
}

function framed(fields: readonly Uint8Array[]): Uint8Array {
  const length = fields.reduce((sum, field) => sum + field.length, 0);
  return Buffer.concat([varint(length), ...fields]);
}

/** A block goes with what its CID says but for the digest. */
function encodeBlock({ cid: { version, code, multihash }, bytes }: Block): Uint8Array {
  const prefix = Buffer.concat([version, code, multihash.code, multihash.digest.length].map(varint));
  return Buffer.concat([bytesField(1, prefix), bytesField(2, bytes)]);
}

/** To its end: `full` stands behind the entries. */
function readWantlist(bytes: Uint8Array, message: BitswapMessage): void {
  for (const { number, value } of readFields(bytes)) {
    if (number === WANTLIST.full && value === 1) message.full = true;
    if (number === WANTLIST.entries && typeof value !== 'number' && hasRoom(message.asked))
      readEntry(value, message);
  }
}

/** A CID that is longer than any of a block is not kept: it could be as long as a message. */
function readEntry(bytes: Uint8Array, { asked }: BitswapMessage): void {
  const flags = { cancel: false, presence: false, tellAbsence: false };
  let block: Uint8Array | undefined;
  for (const { number, value } of readFields(bytes)) {
    if (number === ENTRY.block && typeof value !== 'number') block = value;
    if (number === ENTRY.cancel) flags.cancel = value === 1;
    if (number === ENTRY.wantType) flags.presence = value === WANT_HAVE;
    if (number === ENTRY.sendDontHave) flags.tellAbsence = value === 1;
  }
  if (block !== undefined && block.length <= LIMITS.cid) asked.push({ cid: parseCid(block), ...flags });
}

/** A copy, so that it does not keep the whole message. */
function parseCid(bytes: Uint8Array): CID {
  try {
    return CID.decode(Uint8Array.from(bytes));
  } catch (cause) {
    throw new OvnError('malformed', 'a bitswap message speaks of what is no CID', { cause });
  }
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
  if (cid !== undefined && type === DONT_HAVE) absent.push(parseCid(cid));
}
