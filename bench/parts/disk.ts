import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '../../src/repo/database.ts';
import { SqliteBlockstore } from '../../src/repo/sqlite-blockstore.ts';
import type { Part } from '../part.ts';
import { isBuilt, makePaper, publish } from '../peers/ovn.ts';
import { writeSynthetic } from '../synthetic.ts';

/** What a repository of `count` articles takes on disk once nothing has it open, against the sum of its blocks. */
export function measureDisk(count: number): Part {
  return async (bench, results) => {
    results.claimCost('.ovn', 'unique blocks', 1.35);
    if (!isBuilt(results)) return;
    const articles = join(bench.scratch, 'articles');
    const paper = join(bench.scratch, 'paper');
    await writeSynthetic(articles, count);
    await makePaper(bench, paper, articles);
    await publish(bench, paper, { published: count, considered: count });
    results.record('.ovn', 'MB', await allocated(join(paper, '.ovn')));
    using database = openDatabase(join(paper, '.ovn', 'ovn.db'), { create: false });
    results.record('unique blocks', 'MB', new SqliteBlockstore(database).stats().bytes / 1e6);
  };
}

/** MB that the files below a folder occupy. */
async function allocated(folder: string): Promise<number> {
  const paths = await readdir(folder, { recursive: true });
  const files = await Promise.all(paths.map((path) => stat(join(folder, path))));
  return files.reduce((sum, file) => sum + file.blocks * 512, 0) / 1e6;
}
