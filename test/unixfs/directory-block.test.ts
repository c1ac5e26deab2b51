import { encode, prepare } from '@ipld/dag-pb';
import fc from 'fast-check';
import { UnixFS } from 'ipfs-unixfs';
import { describe, expect, it } from 'vitest';
import { compareNames, type DirectoryEntry, encodeDirectory } from '../../src/unixfs/directory-block.ts';
import { rawCid } from '../../src/unixfs/hash.ts';
import { SHARD_LIMIT } from '../../src/unixfs/profile.ts';

const CHILD = rawCid(Uint8Array.of(1));

const names = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1 }),
    fc.constantFrom('Z', 'a', 'é', '￰', '𐀀', '__proto__', 'ab', 'a!'),
  )
  .filter((name) => !/[/\0]/.test(name) && name !== '.' && name !== '..');
const entries = fc.uniqueArray(
  fc.record({
    name: names,
    size: fc.oneof(
      fc.nat(),
      fc.maxSafeNat().map((size) => Math.floor(size / 32)),
    ),
  }),
  {
    selector: ({ name }) => name,
    maxLength: 20,
  },
);

function entry(name: string, size = 1): DirectoryEntry {
  return { name, cid: CHILD, size };
}

describe('encodeDirectory', () => {
  it('gives the bytes that @ipld/dag-pb gives', () => {
    fc.assert(
      fc.property(entries, (list) => {
        const links = list.map(({ name, size }) => ({ Name: name, Tsize: size, Hash: CHILD }));
        const expected = encode(prepare({ Data: new UnixFS({ type: 'directory' }).marshal(), Links: links }));
        const made = encodeDirectory(list.map(({ name, size }) => entry(name, size)));
        expect(Buffer.compare(made.bytes, expected)).toBe(0);
        expect(made.size).toBe(list.reduce((sum, { size }) => sum + size, expected.length));
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['', '.', '..', 'a/b', 'a\0', '\ud800', '/'])('refuses the name %j', (name) => {
    expect(() => encodeDirectory([entry(name)])).toThrow(TypeError);
  });

  it('refuses a name twice, and sizes that are none', () => {
    expect(() => encodeDirectory([entry('a'), entry('b'), entry('a')])).toThrow('two entries');
    for (const size of [-1, 0.5, Number.NaN, 2 ** 53])
      expect(() => encodeDirectory([entry('a', size)])).toThrow(RangeError);
  });

  it('refuses what has to be sharded', () => {
    const many = Array.from({ length: SHARD_LIMIT / 55 }, (_, i) => entry(String(i).padStart(11, '0')));
    expect(encodeDirectory(many).bytes.length).toBeLessThanOrEqual(SHARD_LIMIT);
    expect(() => encodeDirectory([...many, entry('one more, of some length')])).toThrow(RangeError);
  });
});

describe('compareNames', () => {
  it('orders as the bytes of UTF-8', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareNames(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 2000 },
    );
  });
});
