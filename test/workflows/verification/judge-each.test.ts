import { Worker } from 'node:worker_threads';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import type { BlockReader } from '../../../src/unixfs/block.ts';
import { readDirectory } from '../../../src/unixfs/directory.ts';
import { judgeEdition } from '../../../src/workflows/verification/edition.ts';
import { Evidence } from '../../../src/workflows/verification/judging.ts';
import type { JudgingReply } from '../../../src/workflows/verification/judging-helper.ts';
import { listBundles, type PlacedBundle } from '../../../src/workflows/verification/placed-bundles.ts';
import { takeBlocks } from '../../helpers/following.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

const COUNT = 540;
const THREAD = new URL('../../../src/workflows/verification/judging-thread.ts', import.meta.url);
const { signal } = new AbortController();

interface Paper {
  edition: CID;
  held: MemoryBlocks;
  bundles: PlacedBundle[];
}

let made: Promise<Paper> | undefined;

/** An edition with many articles, one of them in its second revision. */
function openPaper(): Promise<Paper> {
  made ??= publishMany();
  return made;
}

async function publishMany(): Promise<Paper> {
  const newsroom = await Newsroom.open();
  const write = (at: number, text: string): void =>
    newsroom.write(`articles/a${at}.md`, source({ title: `Article ${at}` }, text));
  for (let at = 0; at < COUNT; at++) write(at, 'A text.\n');
  await newsroom.publish();
  write(7, 'Another text.\n');
  const { edition: root } = await newsroom.publish();
  const held = new MemoryBlocks();
  await newsroom.use(({ repository }) => takeBlocks(held, root ?? '', repository));
  const edition = CID.parse(root ?? '');
  const articles = (await readDirectory(edition, held.read)).find(({ name }) => name === 'articles');
  if (articles === undefined) throw new Error('an edition without articles');
  const bundles = await listBundles(articles.cid, new Evidence(held.read, { now: NOW, signal }), 'articles');
  return { edition, held, bundles };
}

/** A second thread, and how many bundles it has judged, and given back. */
function countedThread() {
  const counts = { started: 0, judged: 0, notJudged: 0 };
  const startJudge = (): Worker => {
    counts.started += 1;
    const worker = new Worker(THREAD);
    worker.on('message', (reply: JudgingReply) => {
      for (const found of reply) counts[found === undefined ? 'notJudged' : 'judged'] += 1;
    });
    return worker;
  };
  return { counts, startJudge };
}

async function judge({ edition }: Paper, read: BlockReader, startJudge?: () => Worker) {
  const { checks } = await judgeEdition(edition, new Evidence(read, { now: NOW, signal, startJudge }));
  return checks;
}

/** Reads what is held, but for a file of some bundles: that has other bytes, or is not there. */
async function spoiling(
  { held, bundles }: Paper,
  file: string,
  places: readonly number[],
  bytes?: Uint8Array,
): Promise<BlockReader> {
  const spoilt = new Set<string>();
  for (const [at, { cid }] of bundles.entries()) {
    const entries = places.includes(at) ? await readDirectory(cid, held.read) : [];
    for (const entry of entries) if (entry.name === file) spoilt.add(entry.cid.toString());
  }
  return async (cid) => (spoilt.has(cid.toString()) ? bytes : held.read(cid));
}

describe('many bundles, judged on two threads', () => {
  it('are found to be what one thread finds, and the second has judged its part', async () => {
    const paper = await openPaper();
    const { counts, startJudge } = countedThread();
    const checks = await judge(paper, paper.held.read, startJudge);
    expect(checks).toEqual(await judge(paper, paper.held.read));
    expect(checks.filter(({ result }) => result === 'fail')).toEqual([]);
    expect(counts.started).toBe(1);
    expect(counts.judged).toBeGreaterThan(0);
    // What a page of changes is compared with is not sent along.
    expect(counts.notJudged).toBeLessThan(2);
  });

  it.each([
    ['altered', Uint8Array.of(1)],
    ['missing', undefined],
  ])('name the first that does not hold, whoever judged it: %s', async (_, bytes) => {
    const paper = await openPaper();
    for (const places of [[3], [COUNT - 1, 40, 100], [35, 34, 36]]) {
      const read = await spoiling(paper, 'index.html', places, bytes);
      const checks = await judge(paper, read, countedThread().startJudge);
      expect(checks).toEqual(await judge(paper, read));
      const { detail } = checks.find(({ name, result }) => name === 'bundles' && result === 'fail') ?? {};
      expect(detail).toContain(paper.bundles[Math.min(...places)]?.id);
    }
  });

  it('are all judged here where the second thread fails', async () => {
    const paper = await openPaper();
    const failing = (): Worker => new Worker('throw new Error("no memory")', { eval: true });
    const ending = (): Worker => new Worker('process.exit(0)', { eval: true });
    const expected = await judge(paper, paper.held.read);
    for (const start of [failing, ending])
      expect(await judge(paper, paper.held.read, start)).toEqual(expected);
  });

  it('are not begun any more once one is refused', async () => {
    const paper = await openPaper();
    const read = await spoiling(paper, 'article.json', [0], Uint8Array.of(1));
    let reads = 0;
    const counting: BlockReader = (cid) => {
      reads += 1;
      return read(cid);
    };
    await judge(paper, counting, countedThread().startJudge);
    expect(reads).toBeLessThan(COUNT);
  });
});
