import { join } from 'node:path';
import type { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import type { Entry } from '../../src/edition/archive.ts';
import { buildEdition } from '../../src/edition/build-edition.ts';
import { linkOf } from '../../src/edition/change.ts';
import { ArticleIndex } from '../../src/repo/article-index.ts';
import { openDatabase, transaction } from '../../src/repo/database.ts';
import type { Block } from '../../src/unixfs/block.ts';
import { addDirectory, resolvePath } from '../../src/unixfs/directory.ts';
import { rawBlock } from '../helpers/blocks.ts';
import { staged } from '../helpers/entries.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { ABOUT, bundled, bundlePage, PUBLICATION } from '../helpers/paper.ts';

const SECTIONS = ['science', 'world'].map((slug) => ({ slug, name: slug }));
const DAY_MS = 86_400_000;
const NEW_ID = '2025/07/16/new';

/** Two articles a day, up to 15 July 2025. */
function articles(count: number): Entry[] {
  return Array.from({ length: count }, (_, at) => {
    const day = new Date(Date.UTC(2025, 6, 15) - Math.floor(at / 2) * DAY_MS).toISOString().slice(0, 10);
    const category = SECTIONS[at % SECTIONS.length] ?? expect.fail();
    return bundled(`${day.replaceAll('-', '/')}/a${at % 2}`, { categories: [category] });
  });
}

/** An archive of `count` articles, and what publishing one more reads and writes. */
async function publishOneMore(count: number) {
  using db = openDatabase(join(temporaryFolder(), 'ovn.db'), { create: true });
  const index = new ArticleIndex(db);
  const blocks = new MemoryBlocks();
  const style = { cid: rawBlock('style').cid, size: 5 };
  const build = async (entries: readonly Entry[], read = blocks.read, sink = blocks.sink, previous?: CID) => {
    index.stage(entries.map((entry) => staged(entry)));
    const changes = entries.map((entry) => ({ entry, link: linkOf(entry) }));
    const base = previous === undefined ? {} : { previous: { cid: previous, size: 0 } };
    const parts = {
      publication: PUBLICATION,
      archive: index.archive(),
      masthead: style,
      style,
      changes,
      about: ABOUT,
      bundlePage,
    };
    const trees = await buildEdition({ ...parts, ...base }, read, sink);
    transaction(db, () => index.commitStaged(1, '2025-08-01T00:00:00Z'));
    return (await addDirectory(trees.entries, sink)).cid;
  };
  const root = await build(articles(count));
  const reads = new Set<string>();
  const written: Block[] = [];
  const read = async (cid: CID) => {
    reads.add(cid.toString());
    return blocks.read(cid);
  };
  const entry = bundled(NEW_ID, { categories: SECTIONS.slice(0, 1) });
  await build([entry], read, (block) => void written.push(block), root);
  return { root, blocks, reads, written };
}

describe('an article more', () => {
  it('reads the directories on its paths and nothing else', async () => {
    const { root, blocks, reads } = await publishOneMore(312);
    const paths = ['', 'articles', 'articles/2025', 'articles/2025/07', 'categories', 'categories/science'];
    paths.push(
      'categories/science/2025',
      'categories/science/2025/07',
      'search',
      'search/2025',
      'search/2025/07',
    );
    const expected = new Set<string>();
    for (const path of paths) {
      const found = path === '' ? { cid: root } : await resolvePath(root, path.split('/'), blocks.read);
      expected.add(found?.cid.toString() ?? expect.fail(path));
    }
    expect([...reads].filter((cid) => !expected.has(cid))).toEqual([]);
    expect(reads.size).toBe(expected.size);
  });

  it('writes as many small blocks into a large archive as into a small one', async () => {
    const [small, large] = [await publishOneMore(100), await publishOneMore(3000)];
    const bytes = ({ written }: typeof small) => written.reduce((sum, block) => sum + block.bytes.length, 0);
    expect(small.written.length).toBeGreaterThan(10);
    expect(large.written.length).toBe(small.written.length);
    expect(large.reads.size).toBe(small.reads.size);
    expect(bytes(large)).toBeLessThan(1.25 * bytes(small));
    for (const block of large.written) expect(block.bytes.length).toBeLessThan(64 * 1024);
  });
});
