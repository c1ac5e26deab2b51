import type { NumberedEntry } from '../archive.ts';
import { readTerms } from './article-terms.ts';
import { shardOf } from './shards.ts';

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
 * The postings of some shards of a year. An article's number is twelve times its rank in its month and the month, counted from 0: so it
 * stays what it is whatever is published later.
 */
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
      const packed = (rank * 12 + at) * 4;
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
