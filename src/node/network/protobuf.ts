import { OvnError } from '../../errors.ts';

/** One field of a protobuf message: a number, or bytes. */
export interface Field {
  number: number;
  value: number | Uint8Array;
}

const VARINT = 0;
const FIXED_64 = 1;
const BYTES = 2;
const FIXED_32 = 5;

/** Bytes of a varint that a number here may have: lengths and enumerations are small. */
const LONGEST_VARINT = 10;

/**
 * The fields of a message, one after the other; bytes are views of the message's own.
 * @throws OvnError `malformed` where it is none
 */
export function* readFields(message: Uint8Array): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    const { value, end } = readVarint(message, at) ?? malformed('it breaks off in a number');
    at = end;
    return value;
  };
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) malformed('it breaks off in a field');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const kind = tag % 8;
    if (kind === VARINT) yield { number, value: varint() };
    else if (kind === BYTES) yield { number, value: take(varint()) };
    else if (kind === FIXED_64) take(8);
    else if (kind === FIXED_32) take(4);
    else malformed(`a field of kind ${kind}`);
  }
}

/** A number and where it ends; `undefined` where there is not all of it yet. Beyond 2^53 it is not exact. */
export function readVarint(bytes: Uint8Array, start: number): { value: number; end: number } | undefined {
  let value = 0;
  for (let at = start, unit = 1; at < bytes.length; at++, unit *= 128) {
    if (at - start === LONGEST_VARINT) malformed('a number that does not end');
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) return { value, end: at + 1 };
  }
  return undefined;
}

/** The bytes of a number. */
export function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest = Math.floor(rest / 128)) bytes.push((rest & 0x7f) | 0x80);
  return Uint8Array.from([...bytes, rest]);
}

/** A field that holds bytes. */
export function bytesField(number: number, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([varint(number * 8 + BYTES), varint(bytes.length), bytes]);
}

/** A field that holds a number. */
export function numberField(number: number, value: number): Uint8Array {
  return Buffer.concat([varint(number * 8 + VARINT), varint(value)]);
}

function malformed(reason: string): never {
  throw new OvnError('malformed', `not a protobuf message: ${reason}`);
}
