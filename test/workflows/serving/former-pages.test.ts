import type { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { addDirectory, type DirectoryEntry } from '../../../src/unixfs/directory.ts';
import { cidKey, rawCid } from '../../../src/unixfs/hash.ts';
import { linksWithoutFormerPages } from '../../../src/workflows/serving/former-pages.ts';

const blocks = new Map<string, Uint8Array>();
const getBytes = (cid: CID): Uint8Array | undefined => blocks.get(cidKey(cid));

async function directoryOf(entries: readonly DirectoryEntry[]): Promise<CID> {
  const { cid } = await addDirectory(entries, (block) => void blocks.set(cidKey(block.cid), block.bytes));
  return cid;
}

const entry = (name: string): DirectoryEntry => ({ name, cid: rawCid(Buffer.from(name)), size: 1 });

describe('the links of a folder of a day in an older edition', () => {
  it.each([
    ['flat', 3, ['a.html']],
    ['sharded', 3000, ['a.html', 'b.html']],
  ])('are without pages that may have what was withheld, in a %s one', async (_, length, gone) => {
    const names = Array.from({ length }, (_none, at) => `${at}-${'long'.repeat(20)}`);
    const entries = [...names, 'a', 'a.html', 'b', 'b.html', 'c', 'c.html'].map(entry);
    await directoryOf(entries);
    const links = new Set<string>();
    const formerly = {
      isFormerBundle: (cid: CID) => cid.equals(entry('a').cid),
      isShown: (cid: CID) => cid.equals(entry('c.html').cid),
    };
    const follow = (cid: CID): void => {
      if (links.has(cid.toString())) return;
      links.add(cid.toString());
      const bytes = getBytes(cid);
      if (bytes !== undefined) for (const link of linksWithoutFormerPages(cid, bytes, formerly)) follow(link);
    };
    follow(await directoryOf(entries));
    const missing = entries.filter(({ cid }) => !links.has(cid.toString())).map(({ name }) => name);
    expect(missing).toEqual(gone);
  });
});
