import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../../src/repo/database.ts';
import { SqliteBlockstore } from '../../src/repo/sqlite-blockstore.ts';
import { type Bench, inRounds, type Part, type Results } from '../part.ts';
import { isBuilt, makePaper, publish, publishOne } from '../peers/ovn.ts';
import { remove } from '../scratch.ts';
import { syntheticArticle, writeSynthetic } from '../synthetic.ts';

/** Most blocks, and KB of them, that one more article may write. */
const MOST_BLOCKS = 64;
const MOST_KB = 300;

/** What is published next: an article of today, which is on every front page and in every feed of two categories, or one of any day. */
const KINDS: readonly { name: string; fields: { day?: string; categories?: string[] } }[] = [
  {
    name: 'of the newest day, in two categories,',
    fields: { day: '2025-09-28', categories: ['World', 'Science'] },
  },
  { name: 'of any day', fields: {} },
];

/** The new blocks, and their bytes, that one more article writes into papers of several sizes. */
export function countWritten(sizes: readonly number[]): Part {
  return async (bench, results) => {
    if (!isBuilt(results)) return;
    for (const size of sizes) await countIn(bench, results, size);
  };
}

async function countIn(bench: Bench, results: Results, size: number): Promise<void> {
  const articles = join(bench.scratch, 'articles');
  const paper = join(bench.scratch, 'paper');
  await writeSynthetic(articles, size);
  await makePaper(bench, paper, articles);
  await publish(bench, paper, { published: size, considered: size });
  results.record('blocks that may be', 'blocks', MOST_BLOCKS);
  results.record('KB that may be', 'KB', MOST_KB);
  await inRounds(bench, async (round) => {
    for (const [place, { name, fields }] of KINDS.entries()) {
      const { name: file, text } = syntheticArticle(size + round * KINDS.length + place, fields);
      await writeFile(join(paper, 'articles', file), text);
      const before = stored(paper);
      await publishOne(bench, paper);
      const after = stored(paper);
      const what = `one article ${name} more than ${size}`;
      results.record(`blocks: ${what}`, 'blocks', after.blocks - before.blocks);
      results.record(`KB: ${what}`, 'KB', (after.bytes - before.bytes) / 1000);
    }
  });
  for (const { name } of KINDS) {
    results.claimCost(`blocks: one article ${name} more than ${size}`, 'blocks that may be', 1);
    results.claimCost(`KB: one article ${name} more than ${size}`, 'KB that may be', 1);
  }
  await remove(articles);
  await remove(paper);
}

function stored(paper: string): { blocks: number; bytes: number } {
  using database = openDatabase(join(paper, '.ovn', 'ovn.db'), { create: false });
  return new SqliteBlockstore(database).stats();
}
