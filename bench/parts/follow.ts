import { copyFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { run } from '../child.ts';
import { type Bench, inRounds, type Part, type Results } from '../part.ts';
import { addressOf, giveToKubo, pinFrom, requestsOf, serve } from '../peers/givers.ts';
import { isBuilt, makePaper, OVN, publish, publishOne } from '../peers/ovn.ts';
import { remove } from '../scratch.ts';
import type { Service } from '../service.ts';
import { writeSynthetic } from '../synthetic.ts';

const OURS = 'ovn follow from ovn serve';
const THEIRS = 'ipfs pin add from Kubo';

/** A paper that is served. */
interface Paper {
  count: number;
  folder: string;
  served: Service;
}

/** What `ovn sync --json` prints, as far as the bench looks at it. */
interface Synced {
  outcome: string;
  sequence: number;
  fetched: { blocks: number; bytes: number };
}

/**
 * A whole paper of `count` articles followed for the first time, every block and signature verified, against Kubo from Kubo of the same DAG; and
 * what its next edition costs a mirror, with one article more, at several sizes: blocks, and requests, of which there are no fewer than round
 * trips.
 */
export function followPaper(count: number, sizes: readonly number[]): Part {
  return async (bench, results) => {
    results.claimSpeed(OURS, THEIRS, 4);
    const [smallest = count] = sizes;
    for (const size of sizes.filter((each) => each !== smallest)) {
      results.claimCost(blocksAt(size), blocksAt(smallest), 2);
      results.claimCost(requestsAt(size), requestsAt(smallest), 2);
    }
    if (!isBuilt(results)) return;
    await using papers = new AsyncDisposableStack();
    const opened: Paper[] = [];
    for (const size of new Set([...sizes, count])) opened.push(await openPaper(bench, size, papers));
    const large = opened.find((paper) => paper.count === count);
    if (large !== undefined) await followFirst(bench, results, large);
    await followNext(
      bench,
      results,
      opened.filter((paper) => sizes.includes(paper.count)),
    );
  };
}

async function openPaper(bench: Bench, count: number, papers: AsyncDisposableStack): Promise<Paper> {
  const articles = join(bench.scratch, `articles-${count}`);
  await writeSynthetic(articles, count);
  const folder = join(bench.scratch, `paper-${count}`);
  await makePaper(bench, folder, articles);
  await publish(bench, folder, { published: count, considered: count });
  await remove(articles);
  return { count, folder, served: papers.use(await serve(bench, folder)) };
}

async function followFirst(bench: Bench, results: Results, { served, folder }: Paper): Promise<void> {
  const { edition } = JSON.parse(served.lines[0] ?? '{}') as { edition: string };
  await using giver = await giveToKubo(bench, results, folder, edition);
  await inRounds(bench, async () => {
    const mirror = join(bench.scratch, 'mirror');
    results.record(OURS, 's', await follow(bench, mirror, served));
    await remove(mirror);
    if (giver !== undefined) results.record(THEIRS, 's', await pinFrom(bench, edition, giver));
  });
}

async function followNext(bench: Bench, results: Results, papers: readonly Paper[]): Promise<void> {
  for (const { count, served } of papers) await follow(bench, mirrorOf(bench, count), served);
  await inRounds(bench, async (round) => {
    for (const paper of papers) {
      await addArticle(bench, paper, round);
      const before = await requestsOf(paper.served);
      const { blocks, seconds } = await syncOne(bench, paper, round + 2);
      results.record(blocksAt(paper.count), 'blocks', blocks);
      results.record(requestsAt(paper.count), 'requests', (await requestsOf(paper.served)) - before);
      results.record(`ovn sync, one more than ${paper.count}`, 's', seconds);
    }
  });
}

function blocksAt(count: number): string {
  return `blocks of one article more than ${count}`;
}

function requestsAt(count: number): string {
  return `requests for one article more than ${count}`;
}

function mirrorOf(bench: Bench, count: number): string {
  return join(bench.scratch, `mirror-${count}`);
}

/** Seconds that `ovn follow` took into an empty mirror. */
async function follow(bench: Bench, mirror: string, served: Service): Promise<number> {
  await run(bench, process.execPath, [OVN, 'init', '--mirror', mirror]);
  const args = [OVN, 'follow', addressOf(served), '--json'];
  const { seconds, stdout } = await run(bench, process.execPath, args, { cwd: mirror });
  const { outcome, held } = JSON.parse(stdout) as { outcome: string; held: { whole: boolean } };
  if (outcome !== 'moved' || !held.whole) throw new Error(`not all came: ${stdout}`);
  return seconds;
}

async function addArticle(bench: Bench, { count, folder, served }: Paper, round: number): Promise<void> {
  const [added = ''] = await writeSynthetic(join(bench.scratch, 'new'), 1, count + round);
  await copyFile(added, join(folder, 'articles', basename(added)));
  await publishOne(bench, folder);
  const shown = new URL('/.well-known/openvoicenews', addressOf(served));
  for (;;) {
    bench.signal.throwIfAborted();
    if ((await (await fetch(shown)).text()).includes(`"sequence":${round + 2},`)) return;
    await setTimeout(50);
  }
}

async function syncOne(
  bench: Bench,
  { count }: Paper,
  sequence: number,
): Promise<{ blocks: number; seconds: number }> {
  const args = [OVN, 'sync', '--json'];
  const { seconds, stdout } = await run(bench, process.execPath, args, { cwd: mirrorOf(bench, count) });
  const [synced] = JSON.parse(stdout) as Synced[];
  if (synced?.outcome !== 'moved' || synced.sequence !== sequence)
    throw new Error(`the next edition did not come: ${stdout}`);
  return { blocks: synced.fetched.blocks, seconds };
}
