import type { BlockReader, BlockSink } from '../../unixfs/block.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { addFile } from '../../unixfs/file.ts';
import { Tree } from '../../unixfs/tree.ts';
import type { Archive, NumberedEntry } from '../archive.ts';
import { addText, type EditionChange } from '../change.ts';
import { touchedDocuments, touchedShards } from './changed-files.ts';
import { DOCUMENTS_A_FILE, documentsFile } from './documents.ts';
import { Months } from './months.ts';
import { monthOf, type SearchChange, searchChange, yearOf } from './search-state.ts';
import { formerFile, indexFile, shardFile, type WaveArticle } from './wave-file.ts';
import { coverOf, WAVE } from './waves.ts';
import { yearPostings } from './year-postings.ts';

export interface SearchInput {
  publication: { language: string };
  archive: Archive;
  changes: readonly EditionChange[];
  renews?: boolean;
}

/** All that the files of an index are made with. */
interface Making extends SearchChange {
  tree: Tree;
  sink: BlockSink;
  months: Months;
  input: SearchInput;
  /** Whether there is no index of before to go on from. */
  isAnew: boolean;
}

/**
 * `search/`: the index that search.html searches. A function of the articles and of the order in which they were first published; a
 * publication writes the files that its changes touch, and a few shards of the wave that is being poured.
 */
export async function buildSearch(
  input: SearchInput,
  root: Tree,
  read: BlockReader,
  sink: BlockSink,
): Promise<DirectoryEntry[]> {
  const { archive, changes, renews = false } = input;
  if (archive.count() === 0) return [];
  const previous = await root.get(['search']);
  const isAnew = previous === undefined || renews || changes.length > WAVE;
  const tree = isAnew ? Tree.empty() : Tree.open(previous, read);
  const change = searchChange(archive, changes);
  const making: Making = { ...change, tree, sink, input, isAnew, months: new Months(archive) };
  await placeWaves(making);
  await placeDocuments(making);
  await placeShards(making);
  return [{ name: 'search', ...(await tree.write(sink)) }];
}

async function placeWaves(making: Making): Promise<void> {
  const { tree, sink, after, before, isAnew, input } = making;
  const { count, newest, former } = after.waves;
  const late = isAnew ? input.archive.since(former) : making.late;
  const ranked = rank(late, input.archive);
  const articles = (from: number, to: number): WaveArticle[] =>
    ranked.filter(({ ordinal }) => ordinal >= from && ordinal < to);
  await tree.set(['index.bin'], await addFile(indexFile(count, after.years, articles(newest, count)), sink));
  if (former === newest) return;
  const revised = new Set(
    input.changes.filter((each) => each.former !== undefined).map(({ entry }) => entry.id),
  );
  const between = articles(former, newest);
  if (isAnew || before.waves.newest !== newest || between.some(({ entry }) => revised.has(entry.id)))
    await tree.set(['former.bin'], await addFile(formerFile(between), sink));
}

/** Counts back from the end of each month: all that was published later is among these articles. */
function rank(late: readonly NumberedEntry[], archive: Archive): (NumberedEntry & WaveArticle)[] {
  const years = new Set(late.map(({ entry }) => yearOf(entry.id)));
  const left = new Map<string, number>();
  for (const year of years) for (const { period, count } of archive.periods(year)) left.set(period, count);
  const ranked: (NumberedEntry & WaveArticle)[] = [];
  for (const article of late.toReversed()) {
    const month = monthOf(article.entry.id);
    const place = (left.get(month) ?? 0) - 1;
    left.set(month, place);
    ranked.push({ ...article, rank: place });
  }
  return ranked.reverse();
}

async function placeDocuments({ tree, sink, months, input, isAnew }: Making): Promise<void> {
  const { archive, changes, publication } = input;
  const touched = isAnew ? allDocuments(archive) : touchedDocuments(changes, months);
  for (const [month, files] of touched) {
    for (const at of files) {
      const articles = months.of(month).slice(at * DOCUMENTS_A_FILE, (at + 1) * DOCUMENTS_A_FILE);
      const entries = articles.map(({ entry }) => entry);
      const link = await addText(documentsFile(entries, publication.language), sink);
      await tree.set([...month.split('/'), `${at}.json`], link);
    }
  }
}

function allDocuments(archive: Archive): Map<string, Iterable<number>> {
  const years = archive.periods('');
  const months = years.flatMap(({ period }) => archive.periods(period));
  return new Map(
    months.map(({ period, count }) => [period, Array(Math.ceil(count / DOCUMENTS_A_FILE)).keys()]),
  );
}

async function placeShards(making: Making): Promise<void> {
  const { tree, sink, months, after, isAnew, input } = making;
  for (const [year, layout] of after.years) {
    const { shards } = layout;
    const touched = isAnew ? new Set(Array(shards).keys()) : touchedShards(year, making, input.changes);
    if (touched.size === 0) continue;
    const postings = yearPostings(months.ofYear(year), {
      shards,
      touched,
      coverOf: (shard) => coverOf(shard, layout, after.waves),
    });
    for (const shard of touched) {
      const link = await addFile(shardFile(postings.get(shard) ?? new Map()), sink);
      await tree.set([year, 'words', `${shard}.bin`], link);
    }
  }
}
