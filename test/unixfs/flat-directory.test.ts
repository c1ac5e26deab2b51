import { encode, prepare } from '@ipld/dag-pb';
import fc from 'fast-check';
import { UnixFS } from 'ipfs-unixfs';
import { describe, expect, it } from 'vitest';
import {
  compareNames,
  type DirectoryEntry,
  directoryLength,
  encodeDirectory,
  isEntryName,
} from '../../src/unixfs/directory-block.ts';
import { FlatDirectory } from '../../src/unixfs/flat-directory.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import { SHARD_LIMIT } from '../../src/unixfs/profile.ts';

const name = fc
  .oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.constantFrom('000', '001', 'x000', 'é', 'a', 'b'))
  .filter((text) => isEntryName(text) && !text.includes('\ufffd'));
const size = fc.oneof(fc.nat(300), fc.nat({ max: 2 ** 45 }));
const link = fc.record({ cid: fc.uint8Array({ maxLength: 8 }).map(rawCid), size });
const links = fc.dictionary(name, link, { maxKeys: 20 }).map((record) => new Map(Object.entries(record)));
const changes = fc
  .dictionary(name, fc.option(link, { nil: undefined }), { maxKeys: 8 })
  .map((record) => new Map(Object.entries(record)));

function entriesOf(map: ReadonlyMap<string, { cid: DirectoryEntry['cid']; size: number }>): DirectoryEntry[] {
  const entries = [...map].map(([name, { cid, size }]) => ({ name, cid, size }));
  return entries.sort((a, b) => compareNames(a.name, b.name));
}

function plain(entries: readonly DirectoryEntry[]) {
  return entries.map(({ name, cid, size }) => `${name} ${cid} ${size}`);
}

describe('FlatDirectory', () => {
  it('reads back what encodeDirectory writes', () => {
    fc.assert(
      fc.property(links, name, (map, other) => {
        const entries = entriesOf(map);
        const directory = FlatDirectory.parse(encodeDirectory(entries).bytes);
        expect(directory).toHaveLength(entries.length);
        expect(plain(directory?.entries() ?? [])).toEqual(plain(entries));
        expect(directory?.names()).toEqual(entries.map(({ name }) => name));
        for (const { name, cid, size } of entries) expect(directory?.get(name)).toEqual({ cid, size });
        if (!map.has(other)) expect(directory?.get(other)).toBeUndefined();
      }),
    );
  });

  it('changed, is what encodeDirectory writes of the changed entries', () => {
    fc.assert(
      fc.property(links, changes, fc.boolean(), (map, some, removeAll) => {
        const removals = new Map([...map.keys()].map((name) => [name, undefined]));
        const changes = new Map([...(removeAll ? removals : []), ...some]);
        const after = new Map(map);
        for (const [name, link] of changes) {
          if (link === undefined) after.delete(name);
          else after.set(name, link);
        }
        const expected = encodeDirectory(entriesOf(after));
        const changed = FlatDirectory.parse(encodeDirectory(entriesOf(map)).bytes)?.with(changes);
        expect(changed).toEqual(expected);
        expect(changed?.bytes.buffer.byteLength).toBe(expected.bytes.length);
      }),
      { numRuns: 500 },
    );
  });

  it('is not encoded above the size of a block, and takes no name that no directory may hold', () => {
    const entry = (name: string) => ({ name, cid: rawCid(new Uint8Array(0)), size: 1 });
    const many = Array.from({ length: 1110 }, (_, index) => entry(String(index).padStart(190, 'n')));
    const directory = FlatDirectory.parse(encodeDirectory(many).bytes);
    const lengths = [];
    for (let length = 1; length < 250; length++) {
      const more = entry('z'.repeat(length));
      const fits = directoryLength([...many, more]) <= SHARD_LIMIT;
      const changed = directory?.with(new Map([[more.name, more]]));
      expect(changed !== undefined).toBe(fits);
      if (fits) lengths.push(changed?.bytes.length);
    }
    expect(lengths).toContain(SHARD_LIMIT);
    expect(lengths.length).toBeLessThan(249);
    expect(() => FlatDirectory.EMPTY.with(new Map([['a/b', entry('')]]))).toThrow(TypeError);
  });

  it('reads no block that would be written otherwise', () => {
    const cid = rawCid(new Uint8Array(0));
    const given = [
      { name: 'a', cid, size: 300 },
      { name: 'b.json', cid, size: 2 ** 40 },
      { name: 'cé', cid, size: 1 },
    ];
    const { bytes } = encodeDirectory(given);
    let read = 0;
    for (let at = 0; at < bytes.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = Uint8Array.from(bytes, (byte, index) => (index === at ? byte ^ (1 << bit) : byte));
        const decoded = FlatDirectory.parse(flipped)?.entries();
        if (decoded === undefined) continue;
        read++;
        expect(encodeDirectory(decoded).bytes).toEqual(flipped);
      }
      expect(FlatDirectory.parse(bytes.subarray(0, at))).toBeUndefined();
    }
    expect(read).toBeGreaterThan(0);
  });

  it('reads no number that is longer than it has to be', () => {
    const { bytes } = encodeDirectory([{ name: 'a', cid: rawCid(new Uint8Array(0)), size: 1 }]);
    const length = bytes[1] ?? 0;
    const lengthened = Uint8Array.of(0x12, length | 0x80, 0, ...bytes.subarray(2));
    expect(FlatDirectory.parse(bytes)).toHaveLength(1);
    expect(FlatDirectory.parse(lengthened)).toBeUndefined();
    const [before, size] = [bytes.subarray(2, -5), bytes.at(-5) ?? 0];
    const longSize = Uint8Array.of(0x12, length + 1, ...before, size | 0x80, 0, ...bytes.subarray(-4));
    expect(FlatDirectory.parse(longSize)).toBeUndefined();
  });

  it('leaves what is no directory to others', () => {
    expect(FlatDirectory.parse(new Uint8Array(0))).toBeUndefined();
    const file = encode(prepare({ Data: new UnixFS({ type: 'file' }).marshal(), Links: [] }));
    expect(FlatDirectory.parse(file)).toBeUndefined();
  });
});
