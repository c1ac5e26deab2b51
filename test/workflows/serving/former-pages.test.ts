import type { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { linksWithoutFormerPages } from '../../../src/workflows/serving/former-pages.ts';
import { entry, HeldDirectories } from '../../helpers/held-directories.ts';

const held = new HeldDirectories();
const { getBytes } = held;

describe('the links of a folder of a day in an older edition', () => {
  it.each([
    ['flat', 3, ['a.html']],
    ['sharded', 3000, ['a.html', 'b.html']],
  ])('are without pages that may have what was withheld, in a %s one', async (_, length, gone) => {
    const names = Array.from({ length }, (_none, at) => `${at}-${'long'.repeat(20)}`);
    const entries = [...names, 'a', 'a.html', 'b', 'b.html', 'c', 'c.html'].map(entry);
    await held.add(entries);
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
    follow(await held.add(entries));
    const missing = entries.filter(({ cid }) => !links.has(cid.toString())).map(({ name }) => name);
    expect(missing).toEqual(gone);
  });
});
