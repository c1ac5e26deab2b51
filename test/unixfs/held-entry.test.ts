import { describe, expect, it } from 'vitest';
import { heldEntry, heldPath } from '../../src/unixfs/held-entry.ts';
import { entry, HeldDirectories } from '../helpers/held-directories.ts';

const held = new HeldDirectories();
const { getBytes } = held;

describe('what a held directory has under a name', () => {
  it.each([
    ['flat', 3],
    ['sharded', 3000],
  ])('is found in a %s one', async (_, length) => {
    const names = Array.from({ length }, (_none, at) => `${at}-${'long'.repeat(20)}`);
    const day = await held.add([...names, 'a', 'a.html', 'b.html'].map(entry));
    const top = await held.add([{ name: '05', cid: day, size: 1 }]);
    for (const name of ['a', 'a.html', names.at(-1) ?? ''])
      expect(heldPath(top, ['05', name], getBytes)).toEqual(entry(name).cid);
    expect(heldPath(top, ['05', 'c.html'], getBytes)).toBeUndefined();
    expect(heldPath(top, ['06', 'a'], getBytes)).toBeUndefined();
    expect(heldPath(top, ['05', 'a', 'a'], getBytes)).toBeUndefined();
    expect(heldEntry(day, 'a', () => undefined)).toBeUndefined();
    expect(heldEntry(day, 'a', () => Uint8Array.of(255))).toBeUndefined();
  });
});
