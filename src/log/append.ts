import { encodeBundle } from './entry-bundle.ts';
import { edgeTile, TILE_WIDTH, type Tile, tilePath } from './tile.ts';
import { readEntries, type TileReader } from './tile-reader.ts';
import { growEdge, readEdge, rootOfEdge, type TreeEdge } from './tree-edge.ts';
import { leafHash } from './tree-hash.ts';
import type { TreeHead } from './tree-head.ts';

/** A file to be written below `log/`. */
export interface LogFile {
  path: string[];
  bytes: Uint8Array;
}

/** What turns the files of a log into those of the longer one. */
export interface Append {
  head: TreeHead;
  /** Full and partial tiles and entry bundles that are new. */
  files: LogFile[];
  /** Paths of the partial ones that these replace; no other file changes. */
  removed: string[][];
}

/**
 * Adds entries at the end of a log. Read are only the partial tiles of its right edge and the partial entry
 * bundle, all checked against the head; written are as few. With the files below `log/tile/` being exactly
 * those that the old size demands, they are afterwards exactly those of the new size.
 *
 * @throws {OvnError} `limit` for an entry above 65,535 bytes; `not-found`, `malformed` or `refused` for a
 * tile.
 */
export async function appendEntries(
  head: TreeHead,
  entries: readonly Uint8Array[],
  read: TileReader,
): Promise<Append> {
  const edge = await readEdge(head, read);
  if (entries.length === 0) return { head, files: [], removed: [] };
  const bundles = await growBundles(head, edge, entries, read);
  const grown = growEdge(edge, head.size, Buffer.concat(entries.map(leafHash)));
  const written = [...bundles.written, ...grown.written];
  return {
    head: { size: head.size + entries.length, root: rootOfEdge(grown.edge) },
    files: written.map(({ tile, bytes }) => ({ path: tilePath(tile), bytes })),
    removed: [...bundles.removed, ...grown.removed].map(tilePath),
  };
}

/** The last entry bundle filled up, and those after it. */
async function growBundles(
  { size }: TreeHead,
  edge: TreeEdge,
  entries: readonly Uint8Array[],
  read: TileReader,
): Promise<{ written: { tile: Tile; bytes: Uint8Array }[]; removed: Tile[] }> {
  const last = edgeTile(size, 'entries');
  const before = last.width === 0 ? [] : await readEntries(last, edge[0] ?? new Uint8Array(0), read);
  const row = [...before, ...entries];
  const written = Array.from({ length: Math.ceil(row.length / TILE_WIDTH) }, (_, at) => {
    const bundle = row.slice(at * TILE_WIDTH, (at + 1) * TILE_WIDTH);
    const tile: Tile = { level: 'entries', index: last.index + at, width: bundle.length };
    return { tile, bytes: encodeBundle(bundle) };
  });
  return { written, removed: last.width === 0 ? [] : [last] };
}
