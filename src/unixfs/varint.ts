/**
 * Bytes of the unsigned varint of a number.
 * @throws RangeError where the number is not an exact, non-negative integer
 */
export function varintLength(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`no varint for ${value}`);
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length++;
  return length;
}

/** Writes the unsigned varint of a number (see {@link varintLength}) and returns the offset behind it. */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let offset = at;
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[offset++] = (rest % 0x80) | 0x80;
  bytes[offset++] = rest;
  return offset;
}

/** Reads an unsigned varint, and says where it ends; one that breaks off or is beyond exact integers has the value NaN. */
export function readVarint(bytes: Uint8Array, at: number): { value: number; end: number } {
  let value = 0;
  let unit = 1;
  for (let end = at; end < bytes.length; unit *= 0x80) {
    const byte = bytes[end++] ?? 0;
    value += (byte & 0x7f) * unit;
    if (byte < 0x80) return { value: Number.isSafeInteger(value) ? value : Number.NaN, end };
  }
  return { value: Number.NaN, end: bytes.length };
}
