import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../child.ts';
import { type Bench, inRounds, type Part } from '../part.ts';
import { addressOf, giveToKubo, pinFrom, serve } from '../peers/givers.ts';
import { isBuilt, makePaper, OVN, publish } from '../peers/ovn.ts';
import { remove } from '../scratch.ts';
import { syntheticArticle } from '../synthetic.ts';

const OURS = 'ovn import from ovn serve';
const FROM_GATEWAY = "ovn import from Kubo's gateway";
const FROM_PEER = 'ovn import from Kubo, bitswap';
const THEIRS = 'ipfs pin add from Kubo';

/** A category of `count` bundles from another node on loopback, every block verified and stored, against Kubo from Kubo. */
export function fetchCategory(count: number): Part {
  return async (bench, results) => {
    results.claimSpeed(OURS, THEIRS, 4);
    results.claimSpeed(FROM_PEER, THEIRS, 1);
    results.claimSpeed(FROM_GATEWAY, THEIRS);
    if (!isBuilt(results)) return;
    const { paper, cid } = await publishOneCategory(bench, count);
    await using served = await serve(bench, paper);
    await using giver = await giveToKubo(bench, results, paper, cid);
    await inRounds(bench, async () => {
      results.record(OURS, 's', await importFrom(bench, cid, count, ['--gateway', addressOf(served)]));
      if (giver === undefined) return;
      results.record(FROM_GATEWAY, 's', await importFrom(bench, cid, count, ['--gateway', giver.gateway]));
      results.record(FROM_PEER, 's', await importFrom(bench, cid, count, ['--peer', giver.address]));
      results.record(THEIRS, 's', await pinFrom(bench, cid, giver));
    });
  };
}

async function publishOneCategory(bench: Bench, count: number): Promise<{ paper: string; cid: string }> {
  const articles = join(bench.scratch, 'articles');
  await mkdir(articles);
  for (let index = 0; index < count; index++) {
    const { name, text } = syntheticArticle(index);
    await writeFile(join(articles, name), text.replace(/^categories: .*$/m, 'categories: ["Everything"]'));
  }
  const paper = join(bench.scratch, 'paper');
  await makePaper(bench, paper, articles);
  const { stdout } = await publish(bench, paper, { published: count, considered: count });
  const { categories } = JSON.parse(stdout) as { categories: { everything?: { cid: string } } };
  return { paper, cid: categories.everything?.cid ?? '' };
}

/** Seconds that `ovn import` took into an empty paper. */
async function importFrom(bench: Bench, cid: string, count: number, from: string[]): Promise<number> {
  const reader = join(bench.scratch, 'reader');
  await run(bench, process.execPath, [OVN, 'init', reader, '--no-sample']);
  const args = [OVN, 'import', cid, ...from, '--json'];
  const { seconds, stdout } = await run(bench, process.execPath, args, { cwd: reader });
  const { roots } = JSON.parse(stdout) as { roots: { blocks: number; missing: number }[] };
  if (roots[0]?.missing !== 0 || roots[0].blocks < 3 * count) throw new Error(`not all came: ${stdout}`);
  await remove(reader);
  return seconds;
}
