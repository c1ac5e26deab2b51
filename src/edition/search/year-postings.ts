import type { NumberedEntry } from '../archive.ts';
import { readTerms } from './article-terms.ts';
import type { Poured } from './changed-files.ts';
import { shardOf } from './shards.ts';
import type { WaveArticle } from './wave-file.ts';

/** Terms with the numbers of their articles (see `writeWords`), by shard. */
export type ShardPostings = Map<number, Map<string, number[]>>;

interface Layout {
  shards: number;
  /** Those that are asked for. */
  touched: ReadonlySet<number>;
  /** Articles that were first published before this one are in a shard. */
  coverOf(shard: number): number;
}

/**
 * The number of an article as postings hold it, to which its weight is added. It is twelve times its rank in its month and the month,
 * counted from 0: so it stays what it is whatever is published later.
 */
function packedNumber(rank: number, month: number): number {
  return (rank * 12 + month) * 4;
}

/** What a shard holds, and the articles that come into it. */
export interface HeldShard {
  terms: Map<string, number[]>;
  poured: Poured;
}

/** Adds articles of a year to what its shards hold, each to those that it comes into. */
export function pourInto(
  held: ReadonlyMap<number, HeldShard>,
  articles: readonly (NumberedEntry & WaveArticle)[],
  shards: number,
): void {
  const grown = new Set<number[]>();
  for (const { entry, ordinal, rank } of articles) {
    const packed = packedNumber(rank, Number(entry.id.slice(5, 7)) - 1);
    readTerms(entry.terms ?? '', (term, weight) => {
      const shard = held.get(shardOf(term, shards));
      if (shard === undefined || ordinal < shard.poured.from || ordinal >= shard.poured.to) return;
      const numbers = shard.terms.get(term) ?? [];
      numbers.push(packed + weight);
      shard.terms.set(term, numbers);
      grown.add(numbers);
    });
  }
  for (const numbers of grown) numbers.sort((a, b) => a - b);
}

/** The postings of some shards of a year, made of all of its articles. */
export function yearPostings(
  months: readonly (readonly NumberedEntry[])[],
  { shards, touched, coverOf }: Layout,
): ShardPostings {
  const known = new Map<string, { shard: number; cover: number; numbers: number[] } | null>();
  const longest = Math.max(0, ...months.map((list) => list.length));
  for (let rank = 0; rank < longest; rank++) {
    for (const [at, list] of months.entries()) {
      const article = list[rank];
      if (article === undefined) continue;
      const { ordinal } = article;
      const packed = packedNumber(rank, at);
      readTerms(article.entry.terms ?? '', (term, weight) => {
        let posting = known.get(term);
        if (posting === undefined) {
          const shard = shardOf(term, shards);
          posting = touched.has(shard) ? { shard, cover: coverOf(shard), numbers: [] } : null;
          known.set(term, posting);
        }
        if (posting !== null && ordinal < posting.cover) posting.numbers.push(packed + weight);
      });
    }
  }
  return byShard(known);
}

function byShard(known: ReadonlyMap<string, { shard: number; numbers: number[] } | null>): ShardPostings {
  const shards: ShardPostings = new Map();
  for (const [term, posting] of known) {
    if (posting === null || posting.numbers.length === 0) continue;
    const terms = shards.get(posting.shard);
    if (terms === undefined) shards.set(posting.shard, new Map([[term, posting.numbers]]));
    else terms.set(term, posting.numbers);
  }
  return shards;
}
