import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { run } from '../child.ts';
import { type Bench, inRounds, type Part, type Results } from '../part.ts';
import { hugo, makeHugoSite } from '../peers/hugo.ts';
import { isBuilt, makePaper, publish, publishOne } from '../peers/ovn.ts';
import { packCar } from '../peers/pack.ts';
import { writeSynthetic } from '../synthetic.ts';

/** One more article in an archive of `count`: the whole folder scanned, and named by its path. */
export function addOneArticle(count: number): Part {
  return async (bench, results) => {
    const articles = join(bench.scratch, 'articles');
    await writeSynthetic(articles, count);
    results.claimSpeed('ovn publish', 'Hugo + ipfs-car', 50);
    results.claimCost('ovn publish <path>', 'node -e 0', 6);
    const addToPaper = await startPaper(bench, results, { articles, count });
    const addToSite = await startSite(bench, results, { articles, count });
    await inRounds(bench, async (round) => {
      const [scanned, named] = await writeSynthetic(join(bench.scratch, 'new'), 2, count + 2 * round);
      if (scanned === undefined || named === undefined) throw new Error('no article was made');
      await addToPaper?.(scanned, named);
      await addToSite?.(scanned);
    });
  };
}

interface Archive {
  articles: string;
  count: number;
}

type AddToPaper = (scanned: string, named: string) => Promise<void>;
type AddToSite = (added: string) => Promise<void>;

async function startPaper(bench: Bench, results: Results, archive: Archive): Promise<AddToPaper | undefined> {
  const { articles, count } = archive;
  if (!isBuilt(results)) return undefined;
  const paper = join(bench.scratch, 'paper');
  await makePaper(bench, paper, articles);
  await publish(bench, paper, { published: count, considered: count });
  return async (scanned, named) => {
    await addTo(join(paper, 'articles'), scanned);
    results.record('ovn publish', 's', (await publishOne(bench, paper)).seconds);
    const path = await addTo(join(paper, 'articles'), named);
    const nothing = await run(bench, process.execPath, ['-e', '0'], { memory: true });
    results.record('node -e 0', 's', nothing.seconds);
    results.record('ovn publish <path>', 's', (await publishOne(bench, paper, [path])).seconds);
  };
}

async function startSite(bench: Bench, results: Results, archive: Archive): Promise<AddToSite | undefined> {
  if (hugo === undefined) {
    results.missing('Hugo: not on the path');
    return undefined;
  }
  const site = await makeHugoSite(bench, hugo, join(bench.scratch, 'site'), archive.articles);
  await site.build();
  return async (added) => {
    await addTo(site.content, added);
    const built = await site.build();
    results.record('Hugo + ipfs-car', 's', built.seconds + (await packCar(bench, site.output)).seconds);
  };
}

async function addTo(folder: string, source: string): Promise<string> {
  const path = join(folder, basename(source));
  await copyFile(source, path);
  return path;
}
