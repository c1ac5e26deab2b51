import { BadIndex, type ByteReader } from './byte-reader.ts';

/** Terms with the packed numbers of their articles: see `writeWords`. */
export type Words = Map<string, number[]>;

/** UTF-8 bytes of a term, at most. */
const LONGEST = 128;
const FIFTEEN = 15;

/**
 * Reads what `writeWords` writes, to the end of the file.
 *
 * @param limit the largest number of an article.
 * @throws {BadIndex} where anything is not as it must be.
 */
export function readWords(reader: ByteReader, limit: number): Words {
  const words = new Map<string, number[]>();
  const bytes = new Uint8Array(LONGEST);
  let length = 0;
  let before = '';
  for (let left = reader.number(reader.left); left > 0; left--) {
    const head = reader.number(7 * 16 + FIFTEEN);
    const shared = head >> 4;
    const rest = (head & FIFTEEN) + ((head & FIFTEEN) === FIFTEEN ? reader.number(LONGEST) : 0);
    if (shared > length || shared + rest > LONGEST) throw new BadIndex('term too long');
    bytes.set(reader.bytes(rest), shared);
    length = shared + rest;
    const term = decode(bytes.subarray(0, length));
    if (term <= before) throw new BadIndex('disorder');
    words.set(term, readNumbers(reader, limit));
    before = term;
  }
  reader.end();
  return words;
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decode(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new BadIndex('no UTF-8');
  }
}

function readNumbers(reader: ByteReader, limit: number): number[] {
  const numbers: number[] = [];
  let number = -1;
  for (let left = reader.number(reader.left); left > 0; left--) {
    const step = reader.number(limit * 4 + 3);
    number += 1 + Math.floor(step / 4);
    if (number > limit) throw new BadIndex('bounds');
    numbers.push(number * 4 + (step & 3));
  }
  return numbers;
}
