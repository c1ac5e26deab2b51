import type { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { addDirectory, type DirectoryEntry } from '../../src/unixfs/directory.ts';
import { cidKey, rawCid } from '../../src/unixfs/hash.ts';
import { heldEntry, heldPath } from '../../src/unixfs/held-entry.ts';

const blocks = new Map<string, Uint8Array>();
const getBytes = (cid: CID): Uint8Array | undefined => blocks.get(cidKey(cid));

async function directoryOf(entries: readonly DirectoryEntry[]): Promise<CID> {
  const { cid } = await addDirectory(entries, (block) => void blocks.set(cidKey(block.cid), block.bytes));
  return cid;
}

const entry = (name: string): DirectoryEntry => ({ name, cid: rawCid(Buffer.from(name)), size: 1 });

describe('what a held directory has under a name', () => {
  it.each([
    ['flat', 3],
    ['sharded', 3000],
  ])('is found in a %s one', async (_, length) => {
    const names = Array.from({ length }, (_none, at) => `${at}-${'long'.repeat(20)}`);
    const day = await directoryOf([...names, 'a', 'a.html', 'b.html'].map(entry));
    const top = await directoryOf([{ name: '05', cid: day, size: 1 }]);
    for (const name of ['a', 'a.html', names.at(-1) ?? ''])
      expect(heldPath(top, ['05', name], getBytes)).toEqual(entry(name).cid);
    expect(heldPath(top, ['05', 'c.html'], getBytes)).toBeUndefined();
    expect(heldPath(top, ['06', 'a'], getBytes)).toBeUndefined();
    expect(heldPath(top, ['05', 'a', 'a'], getBytes)).toBeUndefined();
    expect(heldEntry(day, 'a', () => undefined)).toBeUndefined();
    expect(heldEntry(day, 'a', () => Uint8Array.of(255))).toBeUndefined();
  });
});
