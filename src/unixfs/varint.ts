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
