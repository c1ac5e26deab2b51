import type { FindableEntry } from '../archive.ts';
import { readTerms } from './article-terms.ts';
import { BadIndex, ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { readWords } from './read-words.ts';
import type { YearLayout } from './waves.ts';
import { writeWords } from './write-words.ts';

/** Number of the format of all files of the index. */
const VERSION = 1;
/** Of an article in a shard: a million articles for each of twelve months. */
const LARGEST_NUMBER = 12 * 2 ** 20 - 1;

/** An article of a wave, and how many of its month were first published before it. */
export interface WaveArticle {
  entry: FindableEntry;
  rank: number;
}

/** `search/index.bin`: how everything is laid out, and the words of the newest wave. */
export function indexFile(
  count: number,
  years: ReadonlyMap<string, YearLayout>,
  newest: readonly WaveArticle[],
): Uint8Array {
  const writer = new ByteWriter();
  writer.number(VERSION);
  writer.number(count);
  const laidOut = [...years].filter(([, { shards }]) => shards > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  writer.number(laidOut.length);
  for (const [year, { shards, poured }] of laidOut) {
    writer.number(Number(year));
    writer.number(shards);
    writer.number(poured);
  }
  writeWave(newest, writer);
  return writer.finish();
}

/** `search/former.bin`: the words of the wave before the newest. */
export function formerFile(former: readonly WaveArticle[]): Uint8Array {
  const writer = new ByteWriter();
  writer.number(VERSION);
  writeWave(former, writer);
  return writer.finish();
}

/** A shard of a year. */
export function shardFile(postings: ReadonlyMap<string, readonly number[]>): Uint8Array {
  const writer = new ByteWriter();
  writer.number(VERSION);
  writeWords(postings, writer);
  return writer.finish();
}

/** Reads what {@link shardFile} writes: terms with their numbers, each of them in ascending order. */
export function readShardFile(bytes: Uint8Array): Map<string, number[]> {
  const reader = new ByteReader(bytes);
  if (reader.number(VERSION) !== VERSION) throw new BadIndex('another version');
  return readWords(reader, LARGEST_NUMBER);
}

/** The months of the wave with the rank of its first article there; of each article, which of these months; the words. */
function writeWave(articles: readonly WaveArticle[], writer: ByteWriter): void {
  const months = new Map<string, { at: number; first: number }>();
  for (const { entry, rank } of articles) {
    const month = entry.id.slice(0, 7);
    if (!months.has(month)) months.set(month, { at: months.size, first: rank });
  }
  writer.number(months.size);
  for (const [month, { first }] of months) {
    writer.number(Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1);
    writer.number(first);
  }
  writer.number(articles.length);
  const postings = new Map<string, number[]>();
  for (const [number, { entry }] of articles.entries()) {
    writer.number(months.get(entry.id.slice(0, 7))?.at ?? 0);
    readTerms(entry.terms ?? '', (term, weight) => {
      const list = postings.get(term);
      if (list === undefined) postings.set(term, [number * 4 + weight]);
      else list.push(number * 4 + weight);
    });
  }
  writeWords(postings, writer);
}
