import { leadsToTile, TILE_WIDTH, type Tile, tilePath, tilesOfSize } from '../log/tile.ts';
import { type Bytes, concat, isSame, sha256, toBase64 } from './bytes.ts';
import { openCheckpoint } from './checkpoint.ts';
import { Refused } from './failure.ts';
import { type Fold, foldEntries } from './fold.ts';
import type { Manifest } from './manifest.ts';
import type { Mastheads, Role } from './masthead.ts';
import { counted, type Report } from './report.ts';
import { requireFile, type Store } from './store.ts';

/** Most entries that are read here: about 15 MB. A longer log is for `ovn log check`. */
const MOST_ENTRIES = 65_536;
const NOTE_LIMIT = 256 * 1024;
const BUNDLE_LIMIT = TILE_WIDTH * (2 + 0xffff);
const AT_ONCE = 512;

/**
 * Reads the log of an edition from its first entry, and judges it: the signed checkpoint, that its entries give the
 * root that the manifest names, that they follow each other, and that they name the mastheads and editions there are.
 */
export async function readLog(
  report: Report,
  store: Store,
  manifest: Manifest,
  mastheads: Mastheads,
): Promise<Fold | undefined> {
  const { size, origin } = manifest.log;
  if (size === 0) {
    report.skip('log', 'the manifest is from before there was a log');
    return undefined;
  }
  await report.check(
    'log-checkpoint',
    async () => {
      const { bytes } = await requireFile(store, ['log', 'checkpoint'], NOTE_LIMIT);
      return openCheckpoint(bytes, manifest.log, logRole(manifest, mastheads));
    },
    (keys) => `${origin}, ${size} entries, signed by ${keys.join(', ')}`,
  );
  if (size > MOST_ENTRIES) {
    const detail = `${size} entries are more than this page reads; "ovn log check" reads them all`;
    if (store.root === undefined) report.miss('log-entries', detail);
    else report.skip('log-entries', detail);
    return undefined;
  }
  const read = await report.check(
    'log-entries',
    () => readEntries(store, manifest, mastheads),
    ({ fold }) =>
      `${size} entries, of ${counted(fold.articles.size, 'article')} and ${counted(fold.editions.length, 'earlier edition')}`,
  );
  if (read === undefined) return undefined;
  await report.check(
    'log-files',
    () => requireTiles(store, size, read.rows),
    (count) => `the checkpoint and ${counted(count, 'tile')}, as the size demands`,
  );
  return read.fold;
}

async function readEntries(
  store: Store,
  manifest: Manifest,
  mastheads: Mastheads,
): Promise<{ fold: Fold; rows: Bytes[][] }> {
  const { size, root } = manifest.log;
  const bundles = [...tilesOfSize(size)].filter(({ level }) => level === 'entries');
  const entries = (await Promise.all(bundles.map((tile) => readBundle(store, tile)))).flat();
  const rows = await rowsOf(entries);
  if (toBase64(await rootOf(rows[0] ?? [])) !== root) {
    throw new Refused('they do not give the root that the manifest names: one is changed, dropped or added');
  }
  return { fold: requireHistory(foldEntries(entries), manifest, mastheads), rows };
}

/** Each entry stands behind its length, two bytes (C2SP tlog-tiles). */
async function readBundle(store: Store, tile: Tile): Promise<Bytes[]> {
  const { bytes } = await requireFile(store, ['log', ...tilePath(tile)], BUNDLE_LIMIT);
  const entries: Bytes[] = [];
  let at = 0;
  while (at < bytes.length) {
    const end = at + 2 + (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0);
    if (end > bytes.length) break;
    entries.push(bytes.slice(at + 2, end));
    at = end;
  }
  if (at === bytes.length && entries.length === tile.width) return entries;
  throw new Refused(`${tilePath(tile).join('/')} does not hold ${tile.width} entries and nothing else`);
}

/** The hashes of every level of tiles: of the entries, then of each full tile below. */
async function rowsOf(entries: readonly Bytes[]): Promise<Bytes[][]> {
  const rows = [await inTurns(entries, (entry) => sha256(Uint8Array.of(0), entry))];
  for (let row = rows[0] ?? []; row.length >= TILE_WIDTH; rows.push(row)) {
    const full = Array.from({ length: Math.floor(row.length / TILE_WIDTH) }, (_, at) => at * TILE_WIDTH);
    const below = row;
    row = await inTurns(full, (at) => rootOf(below.slice(at, at + TILE_WIDTH)));
  }
  return rows;
}

/** RFC 6962, section 2.1: pairs are hashed row by row, and an odd last one moves up as it is. */
async function rootOf(hashes: readonly Bytes[]): Promise<Bytes> {
  let row = hashes;
  while (row.length > 1) {
    const pairs = Array.from({ length: Math.ceil(row.length / 2) }, (_, at) => row.slice(2 * at, 2 * at + 2));
    row = await inTurns(pairs, ([left, right]) => nodeHash(left, right));
  }
  return row[0] ?? sha256();
}

async function nodeHash(left: Bytes | undefined, right: Bytes | undefined): Promise<Bytes> {
  if (left === undefined || right === undefined) return left ?? new Uint8Array(0);
  return sha256(Uint8Array.of(1), left, right);
}

/** In the folder are the tiles that the size demands and nothing else, and they hold what the entries give. */
async function requireTiles(store: Store, size: number, rows: readonly Bytes[][]): Promise<number> {
  const expected = new Set(['checkpoint']);
  for (const tile of tilesOfSize(size)) {
    const path = tilePath(tile);
    expected.add(path.join('/'));
    if (tile.level === 'entries') continue;
    const start = tile.index * TILE_WIDTH;
    const hashes = concat((rows[tile.level] ?? []).slice(start, start + tile.width));
    const { bytes } = await requireFile(store, ['log', ...path], hashes.length);
    if (!isSame(bytes, hashes)) throw new Refused(`${path.join('/')} is not of this log`);
  }
  if (store.root === undefined) return expected.size - 1;
  await requireNoOther(store, [], expected, size);
  return expected.size - 1;
}

/** Nothing is gone into that leads to no tile. */
async function requireNoOther(
  store: Store,
  folder: readonly string[],
  expected: ReadonlySet<string>,
  size: number,
): Promise<void> {
  for (const name of (await store.list(['log', ...folder]))?.keys() ?? []) {
    const path = [...folder, name];
    if (expected.has(path.join('/'))) continue;
    if (!leadsToTile(size, path))
      throw new Refused(`log/${path.join('/')} has no place in a log of ${size} entries`);
    await requireNoOther(store, path, expected, size);
  }
}

/** That of the masthead which the manifest names. */
function logRole({ masthead }: Manifest, { versions, newest }: Mastheads): Role {
  return (versions[masthead.version - 1]?.masthead ?? newest).roles.log;
}

/** The log names the mastheads that there are, and every edition before this one. */
function requireHistory(fold: Fold, { sequence, previous }: Manifest, { versions }: Mastheads): Fold {
  for (const [at, { cid }] of versions.entries()) {
    const logged = fold.mastheads[at];
    if (logged === undefined) throw new Refused(`masthead ${at + 1} is not in the log`);
    if (logged.cid !== cid) throw new Refused(`the log names another masthead ${at + 1}: ${logged.cid}`);
  }
  if (fold.mastheads.length > versions.length) {
    throw new Refused(`the log names ${fold.mastheads.length} mastheads; here are ${versions.length}`);
  }
  const logged = fold.editions.length;
  if (sequence !== logged + 1)
    throw new Refused(`sequence ${sequence}; the log has ${logged} editions before it`);
  if (fold.editions.at(-1)?.cid !== previous)
    throw new Refused('the log names another edition before this one');
  return fold;
}

/** So many at a time: a promise each for a whole log would be too much for a phone. */
async function inTurns<T, R>(values: readonly T[], make: (value: T) => Promise<R>): Promise<R[]> {
  const made: R[] = [];
  for (let at = 0; at < values.length; at += AT_ONCE) {
    made.push(...(await Promise.all(values.slice(at, at + AT_ONCE).map(make))));
  }
  return made;
}
