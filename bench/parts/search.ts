import { join } from 'node:path';
import { createFetch, type FetchFile } from '../../src/search-page/fetch-file.ts';
import { termsOf } from '../../src/search-page/question.ts';
import { SearchIndex } from '../../src/search-page/search-index.ts';
import { inRounds, type Part, type Results } from '../part.ts';
import { addressOf, serve } from '../peers/givers.ts';
import { isBuilt, makePaper, publish } from '../peers/ovn.ts';
import { writeSynthetic } from '../synthetic.ts';

/** Most KB that a search may fetch. */
const MOST_KB = 100;
/** Results that a page shows at first. */
const SHOWN = 10;
/** Words of the synthetic articles: in a few of them, in many, in nearly all; beginnings; and a word that is in none. */
const QUESTIONS = [
  'harbour',
  'turbine',
  'exhib',
  'water level',
  'council bridge',
  'ferry line delayed',
  'zebra',
];

/** What the page of search fetches over `count` articles, from an empty cache, with its first results; its script apart. */
export function measureSearch(count: number): Part {
  return async (bench, results) => {
    if (!isBuilt(results)) return;
    const articles = join(bench.scratch, 'articles');
    const paper = join(bench.scratch, 'paper');
    await writeSynthetic(articles, count);
    await makePaper(bench, paper, articles);
    await publish(bench, paper, { published: count, considered: count });
    await using served = await serve(bench, paper);
    results.record('KB that may be', 'KB', MOST_KB);
    await inRounds(bench, async () => {
      for (const question of QUESTIONS) await ask(question, addressOf(served), results, bench.signal);
    });
    for (const question of QUESTIONS) results.claimCost(`KB: ${question}`, 'KB that may be', 1);
  };
}

async function ask(question: string, address: string, results: Results, signal: AbortSignal): Promise<void> {
  let bytes = 0;
  let files = 0;
  const fetchFile = createFetch(`${address}/`);
  const counting: FetchFile = async (...asked) => {
    const file = await fetchFile(...asked);
    bytes += file.length;
    files += 1;
    return file;
  };
  const index = new SearchIndex(counting);
  const start = performance.now();
  const places = await index.search(termsOf(question), signal);
  await index.show(places.slice(0, SHOWN), signal);
  results.record(`time: ${question}`, 'ms', performance.now() - start);
  results.record(`KB: ${question}`, 'KB', bytes / 1000);
  results.record(`files: ${question}`, 'requests', files);
}
