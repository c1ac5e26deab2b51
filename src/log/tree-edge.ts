import { OvnError } from '../errors.ts';
import { edgeTile, hashCount, TILE_WIDTH, type Tile, tileName } from './tile.ts';
import { readHashes, type TileReader } from './tile-reader.ts';
import { emptyRoot, HASH_SIZE, isSameHash, rootOfHashes } from './tree-hash.ts';
import type { TreeHead } from './tree-head.ts';

/**
 * The right edge of a tree: by level, the hashes of its partial tile side by side, empty where there is none.
 * All of the tree's root is made from it, so that the root authenticates every hash in it.
 */
export type TreeEdge = readonly Uint8Array[];

const FULL = TILE_WIDTH * HASH_SIZE;
const NOTHING = new Uint8Array(0);

/**
 * Reads the partial tiles of a tree, one a level at most, and checks them against its root.
 *
 * @throws {OvnError} `not-found` or `malformed`, naming the tile; `refused` when the tiles do not give the
 * root.
 */
export async function readEdge({ size, root }: TreeHead, read: TileReader): Promise<TreeEdge> {
  const tiles = edgeTiles(size);
  const edge = await Promise.all(tiles.map((tile) => (tile.width === 0 ? NOTHING : readHashes(tile, read))));
  if (isSameHash(rootOfEdge(edge), root)) return edge;
  const names = tiles.filter(({ width }) => width > 0).map(tileName);
  throw new OvnError(
    'refused',
    `the log of ${size} entries has another root than ${names.join(', ') || 'none'}`,
  );
}

/** Merkle tree hash of the tree that ends in an edge. */
export function rootOfEdge(edge: TreeEdge): Uint8Array {
  let root = NOTHING;
  for (const hashes of edge) {
    // What lies below a level's last hash is incomplete, and stands to its right as one more.
    const row = Buffer.concat([hashes, root]);
    if (row.length > 0) root = Uint8Array.from(rootOfHashes(row));
  }
  return root.length === 0 ? emptyRoot() : root;
}

/** An edge that has grown. */
export interface Growth {
  edge: TreeEdge;
  /** The tiles that are new, each with its hashes: a constant number for a few hashes, whatever the size. */
  written: { tile: Tile; bytes: Uint8Array }[];
  /** The partial tiles that these replace. */
  removed: Tile[];
}

/** The edge of a tree of `size` entries after some more leaf hashes, side by side. */
export function growEdge(edge: TreeEdge, size: number, leaves: Uint8Array): Growth {
  const growth = { edge: [...edge], written: [] as Growth['written'], removed: [] as Tile[] };
  let added = leaves;
  for (let level = 0; added.length > 0; level++) {
    const before = edgeTile(size, level);
    if (before.width > 0) growth.removed.push(before);
    const tiles = tilesOfRow(Buffer.concat([edge[level] ?? NOTHING, added]), before);
    growth.written.push(...tiles);
    growth.edge[level] = tiles.find(({ tile }) => tile.width < TILE_WIDTH)?.bytes ?? NOTHING;
    const full = tiles.filter(({ tile }) => tile.width === TILE_WIDTH);
    added = Buffer.concat(full.map(({ bytes }) => rootOfHashes(bytes)));
  }
  return growth;
}

/** A row of hashes cut into tiles, of which only the last can be partial. */
function tilesOfRow(row: Uint8Array, { level, index }: Tile): Growth['written'] {
  return Array.from({ length: Math.ceil(row.length / FULL) }, (_, at) => {
    const bytes = row.subarray(at * FULL, (at + 1) * FULL);
    return { tile: { level, index: index + at, width: bytes.length / HASH_SIZE }, bytes };
  });
}

function edgeTiles(size: number): Tile[] {
  const tiles: Tile[] = [];
  for (let level = 0; hashCount(size, level) > 0; level++) tiles.push(edgeTile(size, level));
  return tiles;
}
