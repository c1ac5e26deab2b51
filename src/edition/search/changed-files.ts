import type { EditionChange } from '../change.ts';
import { readTerms } from './article-terms.ts';
import { DOCUMENTS_A_FILE } from './documents.ts';
import type { Months } from './months.ts';
import { monthOf, type SearchChange, yearOf } from './search-state.ts';
import { parentOf, shardOf } from './shards.ts';
import { coverOf } from './waves.ts';

/** Shards of a year whose words may be others after a publication. */
export interface TouchedShards {
  /** Made of all articles of the year. */
  anew: Set<number>;
  /** Others, which hold what they held and some articles more. */
  poured: Map<number, Poured>;
}

/** Articles by the order of first publication: from one on, and before another. */
export interface Poured {
  from: number;
  to: number;
}

/** The shards of a year that a publication touches: new ones and those that gave to them, those of revised terms, and those that are poured into. */
export function touchedShards(
  year: string,
  { before, after, late }: SearchChange,
  changes: readonly EditionChange[],
): TouchedShards {
  const anew = new Set<number>();
  const poured = new Map<number, Poured>();
  const layout = after.years.get(year);
  if (layout === undefined) return { anew, poured };
  const former = before.years.get(year) ?? { shards: 0, poured: 0 };
  for (let shard = former.shards; shard < layout.shards; shard++) anew.add(shard).add(parentOf(shard));
  if (layout.shards > 0)
    for (const term of changedTerms(year, changes)) anew.add(shardOf(term, layout.shards));
  const ordinals = late.filter(({ entry }) => yearOf(entry.id) === year).map(({ ordinal }) => ordinal);
  for (let shard = 0; shard < former.shards; shard++) {
    const from = coverOf(shard, former, before.waves);
    const to = coverOf(shard, layout, after.waves);
    const isPoured = ordinals.some((ordinal) => ordinal >= from && ordinal < to);
    if (isPoured && !anew.has(shard)) poured.set(shard, { from, to });
  }
  return { anew, poured };
}

/** Terms of revised articles that were not theirs before, or are not any more, or have another weight. */
function changedTerms(year: string, changes: readonly EditionChange[]): Set<string> {
  const terms = new Set<string>();
  for (const { entry, former } of changes) {
    if (former === undefined || yearOf(entry.id) !== year || former.terms === entry.terms) continue;
    const weights = new Map<string, number>();
    readTerms(former.terms ?? '', (term, weight) => weights.set(term, weight));
    readTerms(entry.terms ?? '', (term, weight) => {
      if (weights.get(term) !== weight) terms.add(term);
      weights.delete(term);
    });
    for (const term of weights.keys()) terms.add(term);
  }
  return terms;
}

/** The files of documents that changes touch, by month. */
export function touchedDocuments(
  changes: readonly EditionChange[],
  months: Months,
): Map<string, Set<number>> {
  const changed = new Map<string, Set<string>>();
  for (const { entry } of changes) {
    const month = monthOf(entry.id);
    const ids = changed.get(month);
    if (ids === undefined) changed.set(month, new Set([entry.id]));
    else ids.add(entry.id);
  }
  return new Map(
    Array.from(changed, ([month, ids]) => {
      const files = new Set<number>();
      for (const [rank, { entry }] of months.of(month).entries())
        if (ids.has(entry.id)) files.add(Math.floor(rank / DOCUMENTS_A_FILE));
      return [month, files];
    }),
  );
}
