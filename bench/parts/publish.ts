import { join } from 'node:path';
import type { Run } from '../child.ts';
import { type Bench, inRounds, type Part, type Results } from '../part.ts';
import { addToHelia } from '../peers/helia.ts';
import { hugo, makeHugoSite, NEWSROOM_SITE, PLAIN_SITE, type SiteKind } from '../peers/hugo.ts';
import { isBuilt, makePaper, publish } from '../peers/ovn.ts';
import { addToKubo, ipfs, packCar } from '../peers/pack.ts';
import { remove } from '../scratch.ts';
import { writeSynthetic } from '../synthetic.ts';

/** The first publish of `count` articles against Hugo + ipfs-car, Hugo + Kubo and the plain Helia script; peak memory. */
export function publishAgainstPeers(count: number): Part {
  return async (bench, results) => {
    const articles = join(bench.scratch, 'articles');
    await writeSynthetic(articles, count);
    const large = count >= 10_000;
    makeClaims(results, large);
    await inRounds(bench, async () => {
      await measureOvn(bench, results, articles, count);
      await measureHugo(bench, results, articles, { name: 'Hugo', kind: PLAIN_SITE });
      await measureHugo(bench, results, articles, { name: 'Hugo, as much', kind: NEWSROOM_SITE });
      record(results, 'plain Helia', await addToHelia(bench, articles, count));
    });
  };
}

function makeClaims(results: Results, large: boolean): void {
  results.claimSpeed('ovn', 'Hugo + ipfs-car', large ? 3 : undefined);
  results.claimSpeed('ovn', 'Hugo + ipfs add', large ? 1.5 : undefined);
  results.claimSpeed('ovn', 'Hugo, as much + ipfs-car', large ? 3 : undefined);
  results.claimSpeed('ovn', 'Hugo, as much + ipfs add', large ? 1.5 : undefined);
  results.claimSpeed('ovn', 'plain Helia', large ? 10 : undefined);
  results.claimCost('ovn memory', 'Hugo memory', large ? 0.7 : undefined);
}

async function measureOvn(bench: Bench, results: Results, articles: string, count: number): Promise<void> {
  if (!isBuilt(results)) return;
  const paper = join(bench.scratch, 'paper');
  await makePaper(bench, paper, articles);
  record(results, 'ovn', await publish(bench, paper, { published: count, considered: count }));
  await remove(paper);
}

async function measureHugo(
  bench: Bench,
  results: Results,
  articles: string,
  { name, kind }: { name: string; kind: SiteKind },
): Promise<void> {
  if (hugo === undefined) return results.missing('Hugo: not on the path');
  const site = await makeHugoSite(bench, hugo, join(bench.scratch, 'site'), articles, kind);
  const built = await site.build();
  const packed = await packCar(bench, site.output);
  record(results, name, built);
  record(results, `ipfs-car of ${name}`, packed);
  results.record(`${name} + ipfs-car`, 's', built.seconds + packed.seconds);
  if (ipfs === undefined) return results.missing('Kubo: no `ipfs` on the path');
  const added = await addToKubo(bench, ipfs, site.output);
  if (added.stdout !== packed.stdout) throw new Error('ipfs-car and Kubo disagree on the CID of one site');
  record(results, `ipfs add of ${name}`, added);
  results.record(`${name} + ipfs add`, 's', built.seconds + added.seconds);
}

function record(results: Results, name: string, { seconds, peakMemory }: Run): void {
  results.record(name, 's', seconds);
  if (peakMemory === undefined) results.missing('memory: no GNU time');
  else results.record(`${name} memory`, 'MB', peakMemory);
}
