import { BadIndex, ByteReader } from '../edition/search/byte-reader.ts';
import { readWords, type Words } from '../edition/search/read-words.ts';

const VERSION = 1;
const MOST_ARTICLES = 1 << 28;
const MOST_YEARS = 1000;
const MOST_SHARDS = 1 << 20;
/** Articles of one month, at most. */
export const MOST_RANKS = 1 << 20;
/** Months since the year 0. */
const LAST_MONTH = 12 * 10_000 - 1;

/** An article by where it stands: its month (twelve times the year, and the month from 0 on) and how many were published there before it. */
export type Place = number;

/** A month and a rank as one number, which is larger for what is newer. */
export function placeOf(month: number, rank: number): Place {
  return month * MOST_RANKS + rank;
}

/** Articles of one file, by their numbers in it. */
export interface WordFile {
  words: Words;
  placeOf(number: number): Place;
}

export interface IndexFile {
  /** Articles in all. */
  count: number;
  years: { year: number; shards: number; poured: number }[];
  newest: WordFile;
}

/** `search/index.bin`. @throws {BadIndex} */
export function readIndex(bytes: Uint8Array): IndexFile {
  const reader = open(bytes);
  const count = reader.number(MOST_ARTICLES);
  const years = Array.from({ length: reader.number(MOST_YEARS) }, () => {
    const year = reader.number(9999);
    const shards = reader.number(MOST_SHARDS);
    return { year, shards, poured: reader.number(shards) };
  });
  return { count, years, newest: readWave(reader) };
}

/** `search/former.bin`. @throws {BadIndex} */
export function readFormer(bytes: Uint8Array): WordFile {
  return readWave(open(bytes));
}

/** A shard of a year. @throws {BadIndex} */
export function readShard(bytes: Uint8Array, year: number): WordFile {
  return {
    words: readWords(open(bytes), 12 * MOST_RANKS - 1),
    placeOf: (number) => placeOf(year * 12 + (number % 12), Math.floor(number / 12)),
  };
}

function open(bytes: Uint8Array): ByteReader {
  const reader = new ByteReader(bytes);
  if (reader.number(MOST_ARTICLES) !== VERSION) throw new BadIndex('another version');
  return reader;
}

function readWave(reader: ByteReader): WordFile {
  const months = Array.from({ length: reader.number(reader.left) }, () => ({
    month: reader.number(LAST_MONTH),
    next: reader.number(MOST_RANKS),
  }));
  const places = Array.from({ length: reader.number(reader.left) }, () => {
    const of = months[reader.number(months.length - 1)];
    if (of === undefined) throw new BadIndex('no month');
    return placeOf(of.month, of.next++);
  });
  return { words: readWords(reader, places.length - 1), placeOf: (number) => places[number] ?? 0 };
}
