import { decode } from '@ipld/dag-cbor';
import { OvnError } from '../../errors.ts';

/** What the signed part of a record says. */
export interface RecordData {
  value: string;
  sequence: bigint;
  validUntil: Date;
  /** Seconds. */
  ttl: number;
  /** As they are written, to be compared with the fields of version 1. */
  fields: { value: Uint8Array; validity: Uint8Array; sequence: bigint; ttl: bigint };
}

/** RFC 3339, up to nanoseconds. */
const INSTANT = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/;
/** `ValidityType`: the record ends at `Validity`. */
const EOL = 0;
const NANOSECONDS = 1_000_000_000n;
const UINT64 = 2n ** 64n;

/**
 * Reads the signed part of a record, DAG-CBOR (IPNS record specification, "Record serialization format"). Members that it
 * does not know are ignored.
 *
 * @throws {OvnError} `malformed`, naming the member.
 */
export function readRecordData(bytes: Uint8Array): RecordData {
  const members = decodeMap(bytes);
  const { Value, Validity, ValidityType } = members;
  if (!(Value instanceof Uint8Array)) throw malformed('Value');
  if (!(Validity instanceof Uint8Array)) throw malformed('Validity');
  if (ValidityType !== EOL) throw malformed('ValidityType');
  const sequence = readUint('Sequence', members);
  const ttl = readUint('TTL', members);
  return {
    value: readPath(Value),
    sequence,
    validUntil: readInstant(Validity),
    ttl: Number(ttl / NANOSECONDS),
    fields: { value: Value, validity: Validity, sequence, ttl },
  };
}

function decodeMap(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = decode(bytes);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch (error) {
    throw new OvnError('malformed', 'not a name record: its data is no DAG-CBOR', { cause: error });
  }
  throw new OvnError('malformed', 'not a name record: its data is no map');
}

function readUint(name: string, members: Record<string, unknown>): bigint {
  const value = members[name];
  if (typeof value !== 'bigint' && !Number.isSafeInteger(value)) throw malformed(name);
  const number = BigInt(value as bigint | number);
  if (number < 0n || number >= UINT64) throw malformed(name);
  return number;
}

function readPath(bytes: Uint8Array): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (text.startsWith('/')) return text;
  } catch {
    // said below
  }
  throw malformed('Value');
}

/** Milliseconds are all that `Date` has; what is below is cut off, so that nothing lives longer than it says. */
function readInstant(bytes: Uint8Array): Date {
  const [, seconds, fraction = '', zone] = INSTANT.exec(Buffer.from(bytes).toString('latin1')) ?? [];
  const date = new Date(`${seconds}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`);
  if (Number.isNaN(date.getTime())) throw malformed('Validity');
  return date;
}

function malformed(name: string): OvnError {
  return new OvnError('malformed', `not a name record: ${name} is missing or not as it should be`);
}
