import type { ByteWriter } from './byte-writer.ts';

/** Terms, each with the numbers of its articles in ascending order: four times the number, and its weight. */
export type Postings = ReadonlyMap<string, readonly number[]>;

const FIFTEEN = 15;

/**
 * Writes terms in their order (by code units) and in UTF-8: of each, what it shares with the one before it and what follows, how many
 * articles it has, and their numbers as differences.
 */
export function writeWords(postings: Postings, writer: ByteWriter): void {
  writer.number(postings.size);
  let before: Uint8Array = new Uint8Array(0);
  for (const term of [...postings.keys()].sort()) {
    const bytes = Buffer.from(term, 'utf8');
    const shared = sharedBytes(before, bytes);
    const rest = bytes.subarray(shared);
    writer.number(shared * 16 + Math.min(rest.length, FIFTEEN));
    if (rest.length >= FIFTEEN) writer.number(rest.length - FIFTEEN);
    writer.bytes(rest);
    writeNumbers(postings.get(term) ?? [], writer);
    before = bytes;
  }
}

/** At most 7, so that it fits into one byte with the length of what follows. */
function sharedBytes(a: Uint8Array, b: Uint8Array): number {
  const most = Math.min(a.length, b.length, 7);
  let at = 0;
  while (at < most && a[at] === b[at]) at++;
  return at;
}

function writeNumbers(packed: readonly number[], writer: ByteWriter): void {
  writer.number(packed.length);
  let before = -1;
  for (const each of packed) {
    const number = each >>> 2;
    writer.number((number - before - 1) * 4 + (each & 3));
    before = number;
  }
}
