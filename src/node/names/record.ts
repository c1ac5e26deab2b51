import { IPNSEntry } from '@helia/ipns';
import { publicKeyFromProtobuf } from '@libp2p/crypto/keys';
import type { PublicKey } from '@libp2p/interface';
import { OvnError } from '../../errors.ts';
import { formatName, type Name } from './name.ts';
import { type RecordData, readRecordData } from './record-data.ts';

/** What a name points at, as its key signed it. It comes only from {@link readNameRecord}, or from where that was kept. */
export interface NameRecord {
  name: Name;
  /** The record as it is passed on. */
  bytes: Uint8Array;
  /** A path, `/ipfs/…` or `/ipns/…`. */
  value: string;
  sequence: bigint;
  validUntil: Date;
  /** How long it may be given out without asking again, in seconds. */
  ttl: number;
}

/** Largest record, in bytes (IPNS record specification, "Record size limit"). */
export const RECORD_LIMIT = 10 * 1024;

/** Signed before the data (IPNS record specification, "Signature V2"). */
const SIGNATURE_PREFIX = Buffer.from('ipns-signature:', 'utf8');

/**
 * Reads a record of a name by the rules of the specification (IPNS record, "Record verification"): size, then signature
 * and the fields of version 1 where there are any; where `now` is given, also its end.
 *
 * @throws {OvnError} `limit` for its size; `malformed` for what is no record; `refused` for one that is forged, or expired at `now`.
 */
export async function readNameRecord(
  name: Name,
  bytes: Uint8Array,
  { now }: { now?: Date } = {},
): Promise<NameRecord> {
  if (bytes.length > RECORD_LIMIT)
    throw new OvnError('limit', `a name record has at most ${RECORD_LIMIT} bytes`);
  const entry = decodeEntry(bytes);
  const { data, signatureV2 } = entry;
  if (data === undefined || data.length === 0 || signatureV2 === undefined || signatureV2.length === 0)
    throw malformed('it has no signature of version 2');
  const content = readRecordData(data);
  if (!(await isSigned(keyOf(name, entry), data, signatureV2)))
    throw new OvnError('refused', `the name record is not signed by the key of ${formatName(name)}`);
  requireSameFields(entry, content);
  const { value, sequence, validUntil, ttl } = content;
  if (now !== undefined && now > validUntil)
    throw new OvnError('refused', `the name record expired ${validUntil.toISOString()}`);
  return { name, bytes, value, sequence, validUntil, ttl };
}

/** Which of two records of one name counts: the higher sequence, then the later end; of equals the first. */
export function newerRecord<R extends Pick<NameRecord, 'sequence' | 'validUntil'>>(a: R, b: R): R {
  if (a.sequence !== b.sequence) return a.sequence > b.sequence ? a : b;
  return a.validUntil >= b.validUntil ? a : b;
}

/** In its one spelling: the library reads others too, and what is passed on would not be bound by the signature. */
function decodeEntry(bytes: Uint8Array): IPNSEntry {
  const entry = decodeAny(bytes);
  if (Buffer.compare(IPNSEntry.encode(entry), bytes) === 0) return entry;
  throw malformed('it is not written as a record is');
}

function decodeAny(bytes: Uint8Array): IPNSEntry {
  try {
    return IPNSEntry.decode(bytes);
  } catch (error) {
    throw malformed('its fields cannot be read', error);
  }
}

/** The name's own key, or the one in the record that the name is the hash of. */
function keyOf(name: Name, { publicKey }: IPNSEntry): PublicKey {
  const { code, digest } = name.multihash;
  const inName = code === 0 ? digest : undefined;
  const bytes = inName ?? publicKey;
  if (bytes === undefined) throw malformed('it does not hold the key that its name is the hash of');
  const key = parseKey(bytes);
  const isOther = publicKey !== undefined && inName !== undefined && Buffer.compare(publicKey, inName) !== 0;
  if (isOther || Buffer.compare(key.toMultihash().bytes, name.multihash.bytes) !== 0)
    throw new OvnError('refused', `the name record is of another key than ${formatName(name)}`);
  return key;
}

function parseKey(bytes: Uint8Array): PublicKey {
  try {
    return publicKeyFromProtobuf(bytes);
  } catch (error) {
    throw malformed('its key is of no known kind', error);
  }
}

async function isSigned(key: PublicKey, data: Uint8Array, signature: Uint8Array): Promise<boolean> {
  try {
    return await key.verify(Buffer.concat([SIGNATURE_PREFIX, data]), signature);
  } catch {
    return false;
  }
}

/** Fields of version 1 are not signed well enough to be believed: where they are, they must say the same. */
function requireSameFields(entry: IPNSEntry, { fields }: RecordData): void {
  const { value, signatureV1, validity, validityType, sequence, ttl } = entry;
  const given = [value, signatureV1, validity, validityType, sequence, ttl];
  if (given.every((field) => field === undefined)) return;
  const same =
    isEqual(value, fields.value) &&
    isEqual(validity, fields.validity) &&
    (validityType === undefined || validityType === 'EOL') &&
    (sequence ?? 0n) === fields.sequence &&
    (ttl ?? 0n) === fields.ttl;
  if (!same) throw new OvnError('refused', 'the name record says two things: its fields of version 1 differ');
}

function isEqual(a: Uint8Array = new Uint8Array(0), b: Uint8Array = new Uint8Array(0)): boolean {
  return Buffer.compare(a, b) === 0;
}

function malformed(reason: string, cause?: unknown): OvnError {
  return new OvnError('malformed', `not a name record: ${reason}`, { cause });
}
