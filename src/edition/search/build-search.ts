import type { BlockReader, BlockSink } from '../../unixfs/block.ts';
import type { DirectoryEntry } from '../../unixfs/directory.ts';
import { addFile, readFile } from '../../unixfs/file.ts';
import { Tree } from '../../unixfs/tree.ts';
import type { Archive, NumberedEntry } from '../archive.ts';
import { addText, type EditionChange } from '../change.ts';
import { type TouchedShards, touchedDocuments, touchedShards } from './changed-files.ts';
import { DOCUMENTS_A_FILE, documentsFile } from './documents.ts';
import { Months } from './months.ts';
import { monthOf, type SearchChange, searchChange, yearOf } from './search-state.ts';
import { formerFile, indexFile, readShardFile, shardFile, type WaveArticle } from './wave-file.ts';
import { coverOf, WAVE } from './waves.ts';
import { type HeldShard, pourInto, yearPostings } from './year-postings.ts';

export interface SearchInput {
  publication: { language: string };
  archive: Archive;
  changes: readonly EditionChange[];
  renews?: boolean;
}

type RankedArticle = NumberedEntry & WaveArticle;

/** All that the files of an index are made with. */
interface Making extends SearchChange {
  /** Of both waves, those of before among them where the index goes on from that of before. */
  ranked: readonly RankedArticle[];
  tree: Tree;
  read: BlockReader;
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
  const late = isAnew ? archive.since(change.after.waves.former) : change.late;
  const months = new Months(archive);
  const making: Making = { ...change, ranked: rank(late, archive), tree, read, sink, input, isAnew, months };
  await placeWaves(making);
  await placeDocuments(making);
  await placeShards(making);
  return [{ name: 'search', ...(await tree.write(sink)) }];
}

async function placeWaves(making: Making): Promise<void> {
  const { tree, sink, after, before, isAnew, input, ranked } = making;
  const { count, newest, former } = after.waves;
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
function rank(late: readonly NumberedEntry[], archive: Archive): RankedArticle[] {
  const years = new Set(late.map(({ entry }) => yearOf(entry.id)));
  const left = new Map<string, number>();
  for (const year of years) for (const { period, count } of archive.periods(year)) left.set(period, count);
  const ranked: RankedArticle[] = [];
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
    const { anew, poured } = isAnew ? allShards(shards) : touchedShards(year, making, input.changes);
    const place = async (shard: number, terms: ReadonlyMap<string, number[]>): Promise<void> =>
      tree.set(shardPath(year, shard), await addFile(shardFile(terms), sink));
    if (anew.size > 0) {
      const coverage = (shard: number): number => coverOf(shard, layout, after.waves);
      const postings = yearPostings(months.ofYear(year), { shards, touched: anew, coverOf: coverage });
      for (const shard of anew) await place(shard, postings.get(shard) ?? new Map());
    }
    if (poured.size > 0)
      for (const [shard, { terms }] of await pour(year, poured, shards, making)) await place(shard, terms);
  }
}

function allShards(shards: number): TouchedShards {
  return { anew: new Set(Array(shards).keys()), poured: new Map() };
}

/** Shards with what they held and what is poured into them: of the year's other articles nothing is read. */
async function pour(
  year: string,
  poured: TouchedShards['poured'],
  shards: number,
  { tree, read, ranked }: Making,
): Promise<Map<number, HeldShard>> {
  const held = new Map<number, HeldShard>();
  for (const [shard, what] of poured) {
    const link = await tree.get(shardPath(year, shard));
    if (link === undefined) throw new Error(`shard ${shard} of ${year} is not in the index`);
    const bytes = await readFile(link.cid, read, { limit: Number.POSITIVE_INFINITY });
    held.set(shard, { terms: readShardFile(bytes), poured: what });
  }
  const articles = ranked.filter(({ entry }) => yearOf(entry.id) === year);
  pourInto(held, articles, shards);
  return held;
}

function shardPath(year: string, shard: number): string[] {
  return [year, 'words', `${shard}.bin`];
}
