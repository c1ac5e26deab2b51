import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Bench, inRounds, type Part } from '../part.ts';
import { isBuilt, makePaper, publishOne } from '../peers/ovn.ts';
import { writeSynthetic } from '../synthetic.ts';

/** One more article, by its path, into a log of `entries` against one into a log that has just begun. */
export function publishIntoLog(entries: number): Part {
  return async (bench, results) => {
    results.claimCost('into a long log', 'into a short log', 1.25);
    if (!isBuilt(results)) return;
    const short = await beginPaper(bench, 'short');
    const long = await beginPaper(bench, 'long');
    fillLog(long, entries);
    await addTo(bench, long, 1); // what was recorded is logged
    await addTo(bench, short, 1);
    await inRounds(bench, async (round) => {
      results.record('into a long log', 's', (await addTo(bench, long, round + 2)).seconds);
      results.record('into a short log', 's', (await addTo(bench, short, round + 2)).seconds);
    });
  };
}

async function beginPaper(bench: Bench, name: string): Promise<string> {
  const paper = join(bench.scratch, name);
  await writeSynthetic(join(bench.scratch, `${name}-sources`), 1);
  await makePaper(bench, paper, join(bench.scratch, `${name}-sources`));
  await publishOne(bench, paper);
  return paper;
}

async function addTo(bench: Bench, paper: string, index: number) {
  const [source = ''] = await writeSynthetic(join(bench.scratch, 'more'), 1, index);
  const path = join(paper, 'articles', basename(source));
  await copyFile(source, path);
  return publishOne(bench, paper, [path]);
}

/** Records revisions of an article that is nowhere: what they tell is of no matter to the next publication. */
function fillLog(paper: string, entries: number): void {
  using db = new DatabaseSync(join(paper, '.ovn/ovn.db'));
  db.exec(`WITH RECURSIVE n (revision) AS (SELECT 1 UNION ALL SELECT revision + 1 FROM n LIMIT ${entries})
    INSERT INTO events (kind, article, revision, cid, time, sequence)
    SELECT CASE revision WHEN 1 THEN 'publish' ELSE 'update' END, '2020/01/01/often-revised', revision,
      'bafybeiczsscdsbs7ffqz55asqdf3smv6klcw3gofszvwlyarci47bgf354', '2020-01-01T00:00:00Z', 1 FROM n`);
}
