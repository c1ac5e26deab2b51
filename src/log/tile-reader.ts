import { OvnError } from '../errors.ts';
import { bundleLimit, decodeBundle } from './entry-bundle.ts';
import { type Tile, tileName, tilePath } from './tile.ts';
import { HASH_SIZE, hashAt, isSameHash, leafHash } from './tree-hash.ts';

/**
 * Reads the file at a path below `log/`; `undefined` where there is none. Its bytes are trusted by nobody:
 * who reads through it checks them.
 *
 * @param limit bytes above which a file there is refused anyway, so that no more need be fetched.
 */
export type TileReader = (path: readonly string[], limit: number) => Promise<Uint8Array | undefined>;

/**
 * The bytes of a tile of hashes, of its one length. What they say is not known yet.
 *
 * @throws {OvnError} `not-found` or `malformed`, naming the tile.
 */
export async function readHashes(tile: Tile, read: TileReader): Promise<Uint8Array> {
  const length = tile.width * HASH_SIZE;
  const bytes = await readTile(tile, read, length);
  if (bytes.length === length) return bytes;
  throw new OvnError('malformed', `${tileName(tile)} has ${bytes.length} bytes, not ${length}`);
}

/**
 * The entries of a bundle, each of which hashes to its place in the level 0 tile beside it.
 *
 * @param hashes that tile, authenticated.
 * @throws {OvnError} `not-found`, `malformed`, or `refused` for an entry that is not the one in the tree.
 */
export async function readEntries(bundle: Tile, hashes: Uint8Array, read: TileReader): Promise<Uint8Array[]> {
  const bytes = await readTile(bundle, read, bundleLimit(bundle.width));
  const entries = decodeBundle(bytes, bundle);
  const other = entries.findIndex((entry, at) => !isSameHash(leafHash(entry), hashAt(hashes, at)));
  if (other === -1) return entries;
  throw new OvnError('refused', `entry ${other} of ${tileName(bundle)} is not the one in the tree`);
}

async function readTile(tile: Tile, read: TileReader, limit: number): Promise<Uint8Array> {
  const bytes = await read(tilePath(tile), limit);
  if (bytes === undefined) throw new OvnError('not-found', `${tileName(tile)} of the log is missing`);
  return bytes;
}
