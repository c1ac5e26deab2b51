import { OvnError } from '../errors.ts';
import { type Tile, tileName } from './tile.ts';

/** Bytes that an entry may have: its length is written in 16 bits. */
export const ENTRY_LIMIT = 0xffff;
const LENGTH_SIZE = 2;

/** Most bytes that a bundle of so many entries can have. */
export function bundleLimit(width: number): number {
  return width * (LENGTH_SIZE + ENTRY_LIMIT);
}

/**
 * An entry bundle: each entry behind its length, a big-endian uint16 (C2SP tlog-tiles, "Log entries").
 *
 * @throws {OvnError} `limit` for an entry above {@link ENTRY_LIMIT}.
 */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(entries.flatMap((entry) => [lengthOf(entry), entry]));
}

/**
 * The entries of a bundle: exactly as many as its tile is wide, and nothing after them.
 *
 * @throws {OvnError} `malformed`, naming the bundle.
 */
export function decodeBundle(bytes: Uint8Array, tile: Tile): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entries: Uint8Array[] = [];
  let at = 0;
  while (entries.length < tile.width && at + LENGTH_SIZE <= bytes.length) {
    const start = at + LENGTH_SIZE;
    at = start + view.getUint16(at);
    entries.push(bytes.subarray(start, at));
  }
  if (entries.length !== tile.width || at !== bytes.length) {
    throw new OvnError('malformed', `${tileName(tile)} does not hold ${tile.width} entries and nothing else`);
  }
  return entries;
}

function lengthOf(entry: Uint8Array): Uint8Array {
  if (entry.length > ENTRY_LIMIT) {
    throw new OvnError('limit', `a log entry of ${entry.length} bytes; at most ${ENTRY_LIMIT}`);
  }
  return Uint8Array.of(entry.length >> 8, entry.length & 0xff);
}
