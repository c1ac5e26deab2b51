import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { type Bench, inRounds, type Part, type Results } from '../part.ts';
import { type Kubo, startKubo } from '../peers/kubo.ts';
import { isBuilt, makePaper, OVN, publish } from '../peers/ovn.ts';
import { ipfs } from '../peers/pack.ts';
import { remove } from '../scratch.ts';
import { startService } from '../service.ts';
import { syntheticArticle } from '../synthetic.ts';

const BARE = fileURLToPath(new URL('../peers/bare-http.ts', import.meta.url));

const OURS = 'a page from ovn serve';
const OTHERS = 'pages in turn from ovn serve';
const PLAIN = 'a page from node:http';
const THEIRS = "a page from Kubo's gateway";

const ARTICLES = 200;
const CONNECTIONS = 32;
const SECONDS = 4;
/** Bytes of the page, about. */
const SIZE = 10 * 1024;

/** Time for each request of a page of 10 KiB at 32 connections, against a bare node:http and Kubo's gateway. */
export const servePage: Part = async (bench, results) => {
  results.claimSpeed(OURS, PLAIN, 0.35);
  results.claimSpeed(OURS, THEIRS, 2);
  results.claimSpeed(OTHERS, PLAIN);
  if (!isBuilt(results)) return;
  const paper = await publishPaper(bench);
  await using served = await serve(bench, paper.folder);
  const pages = paper.pages.map((page) => `${served.http}/${page}`);
  const [page = ''] = pages;
  const size = (await (await fetch(page)).bytes()).length;
  if (Math.abs(size - SIZE) > SIZE / 10) throw new Error(`the page has ${size} bytes, not about ${SIZE}`);
  await using bare = await startService(bench, process.execPath, [BARE, String(size)], {
    isReady: () => true,
  });
  await using kubo = await giveToKubo(bench, results, served.http, served.edition);
  await inRounds(bench, async () => {
    await measure(results, OURS, [page]);
    await measure(results, OTHERS, pages);
    await measure(results, PLAIN, [bare.lines[0] ?? '']);
    if (kubo !== undefined)
      await measure(results, THEIRS, [`${kubo.gateway}/ipfs/${served.edition}/${paper.pages[0]}`]);
  });
};

/** A paper whose pages are all of about the size that is asked for, and their paths. */
async function publishPaper(bench: Bench): Promise<{ folder: string; pages: string[] }> {
  const articles = join(bench.scratch, 'articles');
  const folder = join(bench.scratch, 'paper');
  await mkdir(articles);
  for (let index = 0; index < ARTICLES; index++) {
    const { name, text } = syntheticArticle(index);
    await writeFile(
      join(articles, name),
      text + 'word '.repeat(Math.max(0, (SIZE - 2000 - text.length) / 5)),
    );
  }
  await makePaper(bench, folder, articles);
  const { report } = await publish(bench, folder, { published: ARTICLES, considered: ARTICLES });
  const pages = report.articles.map(({ id }) => `articles/${id}/`);
  return { folder, pages };
}

async function serve(
  bench: Bench,
  cwd: string,
): Promise<AsyncDisposable & { http: string; edition: string }> {
  const args = [OVN, 'serve', '--http', '127.0.0.1:0', '--json'];
  const isReady = (line: string): boolean => line.startsWith('{');
  const service = await startService(bench, process.execPath, args, { cwd, isReady });
  return {
    ...JSON.parse(service.lines[0] ?? '{}'),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

/** A Kubo that has the edition; nothing where Kubo is not installed. */
async function giveToKubo(
  bench: Bench,
  results: Results,
  http: string,
  edition: string,
): Promise<Kubo | undefined> {
  if (ipfs === undefined) {
    results.missing('Kubo: no `ipfs` on the path');
    return undefined;
  }
  const car = join(bench.scratch, 'edition.car');
  await writeFile(car, await (await fetch(`${http}/ipfs/${edition}?format=car`)).bytes());
  const kubo = await startKubo(bench, ipfs, 'kubo');
  await kubo.ipfs(['dag', 'import', car]);
  await remove(car);
  return kubo;
}

/** Records the time for each request, in µs; anything but 200 is an error. */
async function measure(results: Results, name: string, urls: string[]): Promise<void> {
  const requests = urls.map((url) => ({ method: 'GET' as const, path: new URL(url).pathname }));
  const {
    requests: answered,
    non2xx,
    errors,
  } = await autocannon({
    url: new URL(urls[0] ?? '').origin,
    connections: CONNECTIONS,
    duration: SECONDS,
    requests,
  });
  if (non2xx + errors > 0) throw new Error(`${name}: ${non2xx} answers were not 200, ${errors} failed`);
  results.record(name, 'µs', 1_000_000 / answered.average);
}
