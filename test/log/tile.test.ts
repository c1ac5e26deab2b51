import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeBundle, ENTRY_LIMIT, encodeBundle } from '../../src/log/entry-bundle.ts';
import {
  countTiles,
  isTileOf,
  leadsToTile,
  parseTilePath,
  type Tile,
  tileName,
  tilePath,
  tilesOfSize,
} from '../../src/log/tile.ts';
import { bytesOf, refusalOf } from './support.ts';

const tiles: fc.Arbitrary<Tile> = fc.record({
  level: fc.oneof(fc.constant('entries' as const), fc.nat(6)),
  index: fc.oneof(fc.nat(3000), fc.nat(2 ** 40)),
  width: fc.integer({ min: 1, max: 256 }),
});
const namesOf = (size: number) => [...tilesOfSize(size)].map(tileName);

describe('the path of a tile', () => {
  it('is that of the examples in the specification', () => {
    expect(tileName({ level: 0, index: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tileName({ level: 1, index: 0, width: 17 })).toBe('tile/1/000.p/17');
    expect(tilePath({ level: 'entries', index: 1000, width: 256 })).toEqual([
      'tile',
      'entries',
      'x001',
      '000',
    ]);
  });

  it('is read back, and nothing else is', () => {
    fc.assert(
      fc.property(tiles, (tile) => {
        expect(parseTilePath(tilePath(tile))).toEqual(tile);
      }),
    );
  });

  it.each([
    'tile/0',
    'tile/00/000',
    'tile/0/00',
    'tile/0/0000',
    'tile/0/x000/000',
    'tile/0/001/000',
    'tile/0/x001',
    'tile/0/000.p',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000.p/256',
    'tile/0/000.p/300',
    'tile/0/000/1',
    'tile/-1/000',
    'tile/data/000',
    'entries/000',
    'tile/0/000\n',
  ])('is not %j', (path) => {
    expect(parseTilePath(path.split('/'))).toBeUndefined();
  });

  it('is not one with separators inside of its names', () => {
    expect(parseTilePath(['tile/0', '000'])).toBeUndefined();
    expect(parseTilePath(['tile', '0', 'x001/000'])).toBeUndefined();
  });
});

describe('the tiles of a size', () => {
  it('are those of the examples in the specification', () => {
    const of70000 = namesOf(70_000).filter((name) => !name.startsWith('tile/entries/'));
    expect(of70000.filter((name) => name.startsWith('tile/0/'))).toHaveLength(274);
    expect(of70000.slice(272)).toEqual([
      'tile/0/272',
      'tile/0/273.p/112',
      'tile/1/000',
      'tile/1/001.p/17',
      'tile/2/000.p/1',
    ]);
    expect(namesOf(256)).toEqual(['tile/entries/000', 'tile/0/000', 'tile/1/000.p/1']);
    expect(namesOf(1)).toEqual(['tile/entries/000.p/1', 'tile/0/000.p/1']);
    expect(namesOf(0)).toEqual([]);
  });

  it('are exactly the paths that belong to it', () => {
    const sizes = fc.oneof(
      fc.nat(600),
      fc.nat(140_000),
      fc.constantFrom(255, 256, 257, 65_535, 65_536, 65_792),
    );
    fc.assert(
      fc.property(sizes, tiles, (size, tile) => {
        const names = new Set(namesOf(size));
        for (const name of names) expect(isTileOf(size, name.split('/'))).toBe(true);
        expect(isTileOf(size, tilePath(tile))).toBe(names.has(tileName(tile)));
        const shown = [...names].filter((name) => !isTileOf(size + 1, name.split('/')));
        // One more entry leaves every full tile, and replaces at most the partial ones of its way up.
        expect(shown.every((name) => name.includes('.p/'))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('are led to by their folders and by no other', () => {
    const sizes = fc.oneof(
      fc.nat(600),
      fc.nat(140_000),
      fc.constantFrom(1, 256, 257, 65_536, 256_000, 256_001),
    );
    const names = fc.constantFrom(
      '000',
      'x000',
      'x001',
      'x002',
      '000.p',
      '001.p',
      'x',
      '1',
      'entries',
      'tile',
    );
    const paths = fc.tuple(
      fc.constantFrom('tile', 'x'),
      fc.constantFrom('entries', '0', '1', '7', '00'),
      fc.array(names, { maxLength: 6 }),
    );
    fc.assert(
      fc.property(sizes, tiles, paths, (size, tile, [top, level, more]) => {
        const folders = new Set<string>();
        for (const each of tilesOfSize(size)) {
          const path = tilePath(each);
          for (let depth = 1; depth < path.length; depth++) folders.add(path.slice(0, depth).join('/'));
        }
        for (const folder of folders) expect(leadsToTile(size, folder.split('/')), folder).toBe(true);
        for (const path of [tilePath(tile).slice(0, -1), [top], [top, level], [top, level, ...more]])
          expect(leadsToTile(size, path), `${size} ${path.join('/')}`).toBe(folders.has(path.join('/')));
        expect(countTiles(size)).toBe([...tilesOfSize(size)].length);
      }),
      { numRuns: 60 },
    );
  });

  it('are known at any size without listing them', () => {
    const size = 2 ** 50 + 300;
    expect(isTileOf(size, tilePath({ level: 0, index: 2 ** 42, width: 256 }))).toBe(true);
    expect(isTileOf(size, tilePath({ level: 0, index: 2 ** 42 + 1, width: 44 }))).toBe(true);
    expect(isTileOf(size, tilePath({ level: 0, index: 2 ** 42 + 1, width: 45 }))).toBe(false);
    expect(isTileOf(size, tilePath({ level: 6, index: 0, width: 4 }))).toBe(true);
    expect(isTileOf(size, tilePath({ level: 7, index: 0, width: 1 }))).toBe(false);
    expect(leadsToTile(size, ['tile', '0', 'x004', 'x398', 'x046'])).toBe(true);
    expect(leadsToTile(size, ['tile', '0', 'x004', 'x398', 'x046', 'x511'])).toBe(true);
    expect(leadsToTile(size, ['tile', '0', 'x004', 'x398', 'x046', 'x512'])).toBe(false);
    expect(countTiles(size)).toBe(2 * (2 ** 42 + 2) + 2 ** 34 + 1 + 2 ** 26 + 2 ** 18 + 2 ** 10 + 4 + 1);
  });
});

describe('an entry bundle', () => {
  const bundleOf = (width: number): Tile => ({ level: 'entries', index: 0, width });

  it('holds entries behind their lengths', () => {
    const bytes = encodeBundle([bytesOf('ab'), new Uint8Array(0), new Uint8Array(0x0102)]);
    expect([...bytes.subarray(0, 8)]).toEqual([0, 2, 0x61, 0x62, 0, 0, 1, 2]);
    expect(bytes.length).toBe(8 + 0x0102);
  });

  it('is read back', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(entries, (each) => {
        const read = decodeBundle(encodeBundle(each), bundleOf(each.length));
        expect(read.map((entry) => [...entry])).toEqual(each.map((entry) => [...entry]));
      }),
    );
  });

  it.each([
    ['too short by a byte', encodeBundle([bytesOf('ab'), bytesOf('c')]).subarray(0, -1)],
    ['with a byte after it', Buffer.concat([encodeBundle([bytesOf('ab'), bytesOf('c')]), Uint8Array.of(0)])],
    ['with an entry too few', encodeBundle([bytesOf('ab')])],
    ['with an entry too many', encodeBundle([bytesOf('ab'), bytesOf('c'), bytesOf('d')])],
    ['with half of a length', Uint8Array.of(0, 0, 0)],
    ['empty', new Uint8Array(0)],
  ])('is refused %s', (_, bytes) => {
    expect(refusalOf(() => decodeBundle(bytes, bundleOf(2)))).toBe(
      'malformed: tile/entries/000.p/2 does not hold 2 entries and nothing else',
    );
  });

  it('takes entries of up to 65,535 bytes', () => {
    const largest = new Uint8Array(ENTRY_LIMIT);
    expect(decodeBundle(encodeBundle([largest]), bundleOf(1))[0]?.length).toBe(65_535);
    expect(refusalOf(() => encodeBundle([new Uint8Array(ENTRY_LIMIT + 1)]))).toMatch(/^limit: .*65536 bytes/);
  });
});
