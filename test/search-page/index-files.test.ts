import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadIndex, ByteReader } from '../../src/edition/search/byte-reader.ts';
import { ByteWriter } from '../../src/edition/search/byte-writer.ts';
import { readWords } from '../../src/edition/search/read-words.ts';
import { indexFile } from '../../src/edition/search/wave-file.ts';
import { writeWords } from '../../src/edition/search/write-words.ts';
import { readIndex, readShard } from '../../src/search-page/index-files.ts';
import { bundled } from '../helpers/paper.ts';

const LIMIT = 5000;

const postings = fc
  .uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 24 }).map((text) => text.toWellFormed()))
  .chain((terms) =>
    fc.tuple(
      fc.constant(terms),
      fc.array(fc.uniqueArray(fc.nat(LIMIT), { maxLength: 6 }), {
        minLength: terms.length,
        maxLength: terms.length,
      }),
      fc.nat(3),
    ),
  )
  .map(([terms, lists, weight]) => {
    const numbers = lists.map((list) => list.sort((a, b) => a - b).map((each) => each * 4 + weight));
    return new Map(terms.map((term, at) => [term, numbers[at] ?? []]));
  });

function written(map: ReadonlyMap<string, readonly number[]>): Uint8Array {
  const writer = new ByteWriter();
  writeWords(map, writer);
  return writer.finish();
}

/** What a shard and an index look like, to be spoilt. */
const WHOLE = indexFile(
  3,
  new Map([['2025', { shards: 3, poured: 1 }]]),
  ['2025/07/07/a', '2024/01/02/b', '2025/07/08/c'].map((id, rank) => ({
    entry: bundled(id, { terms: 'harbour harbours\nécole\n\n气候' }),
    rank,
  })),
);

describe('a file of words', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(postings, (map) => {
        const sorted = new Map([...map].sort(([a], [b]) => (a < b ? -1 : 1)));
        expect(readWords(new ByteReader(written(map)), LIMIT)).toEqual(sorted);
      }),
    );
  });

  it('of a stranger is read, or refused in words: never anything else', () => {
    const read = (bytes: Uint8Array): void => {
      try {
        readIndex(bytes);
        readShard(bytes, 2025);
      } catch (error) {
        expect(error).toBeInstanceOf(BadIndex);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), read), { numRuns: 500 });
    fc.assert(
      fc.property(fc.nat(WHOLE.length - 1), fc.nat(255), fc.nat(WHOLE.length), (at, byte, length) => {
        const spoilt = WHOLE.slice();
        spoilt[at] = byte;
        read(spoilt);
        read(spoilt.subarray(0, length));
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, number[]]>([
    ['that ends too soon', [1, 0, 2, 0x61, 0]],
    ['with a term twice', [2, 1, 0x61, 0, 1, 0x61, 0]],
    ['with half a character', [1, 1, 0xc3, 0]],
    ['with an article out of bounds', [1, 1, 0x61, 1, 0xff, 0xff, 7]],
    ['with a number in too many bytes', [0x80, 0]],
    ['with something behind its end', [0, 0]],
    ['with more than there is of a term before', [1, 0x21, 0x61, 0]],
    ['with an endless number', Array(12).fill(0xff)],
  ])('%s is refused', (_, bytes) => {
    expect(() => readWords(new ByteReader(Uint8Array.from(bytes)), LIMIT)).toThrow(BadIndex);
  });
});
