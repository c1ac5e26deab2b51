import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from '@ipld/dag-pb';
import { CID } from 'multiformats/cid';
import { openDatabase } from '../../src/repo/database.ts';
import { SqliteBlockstore } from '../../src/repo/sqlite-blockstore.ts';
import { verifyBlock } from '../../src/unixfs/hash.ts';
import { type Bench, inRounds, type Part } from '../part.ts';
import { isBuilt, makePaper, publish } from '../peers/ovn.ts';
import { between, type Random, seeded } from '../random.ts';
import { median } from '../statistics.ts';
import { writeSynthetic } from '../synthetic.ts';

/** A block by its CID out of the store, hash checked, against a plain file of the same bytes with sha256, in random order. */
export function readVerified(count: number): Part {
  return async (bench, results) => {
    results.claimCost('block by CID, verified', 'file + sha256');
    if (!isBuilt(results)) return;
    const { paper, bundles } = await publishAll(bench, count);
    using database = openDatabase(join(paper, '.ovn', 'ovn.db'), { create: false });
    const store = new SqliteBlockstore(database);
    const cids = bundles.map((bundle) => articleOf(read(store, bundle)));
    const files = writeFiles(store, cids, join(bench.scratch, 'files'));
    const random = seeded(1);
    await inRounds(bench, async () => {
      results.record(
        'block by CID, verified',
        'µs',
        medianTime(shuffled(random, cids), (cid) => read(store, cid)),
      );
      results.record('file + sha256', 'µs', medianTime(shuffled(random, files), readFile));
    });
  };
}

interface PlainFile {
  path: string;
  digest: Uint8Array;
}

async function publishAll(bench: Bench, count: number): Promise<{ paper: string; bundles: CID[] }> {
  const articles = join(bench.scratch, 'articles');
  const paper = join(bench.scratch, 'paper');
  await writeSynthetic(articles, count);
  await makePaper(bench, paper, articles);
  const { report } = await publish(bench, paper, { published: count, considered: count });
  return { paper, bundles: report.articles.map(({ cid }) => CID.parse(cid)) };
}

function read(store: SqliteBlockstore, cid: CID): Uint8Array {
  const bytes = store.getBytes(cid);
  if (bytes === undefined || !verifyBlock(cid, bytes)) throw new Error(`${cid} is missing or damaged`);
  return bytes;
}

function articleOf(bundle: Uint8Array): CID {
  const link = decode(bundle).Links.find(({ Name }) => Name === 'article.json');
  if (link === undefined) throw new Error('a bundle without article.json');
  return CID.decode(link.Hash.bytes);
}

function writeFiles(store: SqliteBlockstore, cids: CID[], folder: string): PlainFile[] {
  mkdirSync(folder);
  return cids.map((cid) => {
    const path = join(folder, cid.toString());
    writeFileSync(path, read(store, cid));
    return { path, digest: cid.multihash.digest };
  });
}

function readFile({ path, digest }: PlainFile): void {
  const found = hash('sha256', readFileSync(path), 'buffer');
  if (!found.equals(digest)) throw new Error(`${path} is damaged`);
}

/** Microseconds. */
function medianTime<T>(items: T[], use: (item: T) => void): number {
  return median(
    items.map((item) => {
      const begun = performance.now();
      use(item);
      return (performance.now() - begun) * 1000;
    }),
  );
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, key: between(random, 0, 1e9) }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}
