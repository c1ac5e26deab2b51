/** Hashes, or entries, in a full tile; its height is 8 (C2SP tlog-tiles, "Merkle Tree"). */
export const TILE_WIDTH = 256;

/** One file below `log/tile/`. */
export interface Tile {
  /** Level of the hashes in it, 0 for leaf hashes; `entries` for an entry bundle, which counts as level 0. */
  level: number | 'entries';
  index: number;
  /** Hashes or entries in it: 256, or fewer in a partial tile. */
  width: number;
}

/** The path of a tile below `log/`: `tile/0/x001/234`, `tile/1/000.p/17`, `tile/entries/000`. */
export function tilePath({ level, index, width }: Tile): string[] {
  const digits = String(index);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/.{3}/g) ?? [];
  const names = groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group));
  const last = names.pop() ?? '';
  const end = width === TILE_WIDTH ? [last] : [`${last}.p`, String(width)];
  return ['tile', String(level), ...names, ...end];
}

/** The tile at a path below `log/`; `undefined` where the path is not the one spelling of a tile's. */
export function parseTilePath(path: readonly string[]): Tile | undefined {
  const found = /^tile\/(entries|[0-9])\/((?:x[0-9]{3}\/){0,5}[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(
    path.join('/'),
  );
  const [, level, index, width] = found ?? [];
  if (level === undefined || index === undefined) return undefined;
  const tile: Tile = {
    level: level === 'entries' ? level : Number(level),
    index: Number(index.replace(/[x/]/g, '')),
    width: width === undefined ? TILE_WIDTH : Number(width),
  };
  const isOneSpelling = tilePath(tile).every((name, at) => name === path[at]);
  return isOneSpelling && tile.width > 0 && tile.width <= TILE_WIDTH ? tile : undefined;
}

/** The path as one text, for messages. */
export function tileName(tile: Tile): string {
  return tilePath(tile).join('/');
}

/** Hashes at a level of the tree of so many entries: each stands for 256^level of them. */
export function hashCount(size: number, level: Tile['level']): number {
  return Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level));
}

/** The partial tile at the right edge of a level; of width 0 where there is none, and no file. */
export function edgeTile(size: number, level: Tile['level']): Tile {
  const count = hashCount(size, level);
  return { level, index: Math.floor(count / TILE_WIDTH), width: count % TILE_WIDTH };
}

/** Every tile that a tree of so many entries has, and no other: bundles first, then hashes by level. */
export function* tilesOfSize(size: number): Generator<Tile> {
  if (size > 0) yield* tilesOfLevel(size, 'entries');
  for (let level = 0; hashCount(size, level) > 0; level++) yield* tilesOfLevel(size, level);
}

/** Whether a path below `log/` is that of a tile that a tree of so many entries has. */
export function isTileOf(size: number, path: readonly string[]): boolean {
  const tile = parseTilePath(path);
  if (tile === undefined) return false;
  const edge = edgeTile(size, tile.level);
  if (tile.width === TILE_WIDTH) return tile.index < edge.index;
  return tile.index === edge.index && tile.width === edge.width;
}

/** How many tiles a tree of so many entries has; nothing is listed, whatever the size. */
export function countTiles(size: number): number {
  let count = Math.ceil(size / TILE_WIDTH);
  for (let level = 0; hashCount(size, level) > 0; level++)
    count += Math.ceil(hashCount(size, level) / TILE_WIDTH);
  return count;
}

/** Whether a path below `log/` is that of a folder that leads to a tile which a tree of so many entries has. */
export function leadsToTile(size: number, path: readonly string[]): boolean {
  const [tile, name, ...names] = path;
  if (tile !== 'tile' || size <= 0) return false;
  if (name === undefined) return true;
  const level = levelOf(name);
  if (level === undefined || hashCount(size, level) === 0) return false;
  const edge = edgeTile(size, level);
  if (edge.width > 0 && path.join('/') === tilePath(edge).slice(0, -1).join('/')) return true;
  return names.length === 0 || firstTileBelow(names) * TILE_WIDTH < hashCount(size, level);
}

function levelOf(name: string): Tile['level'] | undefined {
  if (name === 'entries') return name;
  return /^[0-9]$/.test(name) ? Number(name) : undefined;
}

/** The lowest index of a tile below folders of these names: `x001` leads to 1000 and more; infinite where they lead to none. */
function firstTileBelow(names: readonly string[]): number {
  if (names[0] === 'x000' || names.length > 5 || !names.every((name) => /^x[0-9]{3}$/.test(name)))
    return Infinity;
  return names.reduce((index, name) => index * 1000 + Number(name.slice(1)), 0) * 1000;
}

function* tilesOfLevel(size: number, level: Tile['level']): Generator<Tile> {
  const edge = edgeTile(size, level);
  for (let index = 0; index < edge.index; index++) yield { level, index, width: TILE_WIDTH };
  if (edge.width > 0) yield edge;
}
