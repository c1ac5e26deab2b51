import type { Archive, NumberedEntry } from '../archive.ts';
import type { EditionChange } from '../change.ts';
import { layOut, type Waves, wavesOf, type YearLayout } from './waves.ts';

/** How the index of one edition is laid out. */
export interface SearchState {
  waves: Waves;
  /** By year. */
  years: ReadonlyMap<string, YearLayout>;
}

/** The index before a publication and after it. */
export interface SearchChange {
  before: SearchState;
  after: SearchState;
  /** The articles of both waves, those of before and those of after, in the order of first publication. */
  late: readonly NumberedEntry[];
}

/** What a publication does to the layout. A first revision among its changes is a new article. */
export function searchChange(archive: Archive, changes: readonly EditionChange[]): SearchChange {
  const totals = new Map(archive.periods('').map(({ period, count }) => [period, count]));
  const totalsBefore = new Map(totals);
  let count = archive.count();
  const after = wavesOf(count);
  for (const { entry, former } of changes) {
    if (former !== undefined) continue;
    const year = yearOf(entry.id);
    totalsBefore.set(year, (totalsBefore.get(year) ?? 0) - 1);
    count -= 1;
  }
  const before = wavesOf(count);
  const late = archive.since(before.former);
  return {
    before: { waves: before, years: layOutAll(before, totalsBefore, late) },
    after: { waves: after, years: layOutAll(after, totals, late) },
    late,
  };
}

function layOutAll(
  waves: Waves,
  totals: ReadonlyMap<string, number>,
  late: readonly NumberedEntry[],
): Map<string, YearLayout> {
  const former = countYears(late, waves.former, waves.newest);
  const newest = countYears(late, waves.newest, waves.count);
  return new Map(
    Array.from(totals, ([year, total]) => {
      const poured = former.get(year) ?? 0;
      return [year, layOut(waves, total - poured - (newest.get(year) ?? 0), poured)];
    }),
  );
}

/** The articles from one place on and before another, by year. */
function countYears(late: readonly NumberedEntry[], from: number, to: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { ordinal, entry } of late) {
    if (ordinal < from || ordinal >= to) continue;
    const year = yearOf(entry.id);
    counts.set(year, (counts.get(year) ?? 0) + 1);
  }
  return counts;
}

/** The year that an article is dated in. */
export function yearOf(id: string): string {
  return id.slice(0, 4);
}

/** The month, `YYYY/MM`. */
export function monthOf(id: string): string {
  return id.slice(0, 7);
}
