import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import { NO_WITNESSES } from '../../../src/log/witness-policy.ts';
import { writeCar } from '../../../src/node/car.ts';
import { Tree } from '../../../src/unixfs/tree.ts';
import { walkDag } from '../../../src/unixfs/walk.ts';
import { packArticleProof } from '../../../src/workflows/article-proof.ts';
import { revokeKey, rotateKey } from '../../../src/workflows/keys/change-keys.ts';
import { listHeldKeys } from '../../../src/workflows/keys/list-keys.ts';
import { type VerifyReport, verify } from '../../../src/workflows/verify.ts';
import { writeWholeFile } from '../../../src/workflows/write-folder.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { type Newsroom, NOW } from '../../helpers/newsroom.ts';
import { idOf, openPaper, publishOne, withLog } from './support.ts';

const { signal } = new AbortController();
const HARBOUR = { article: idOf('harbour'), revision: 2 };

/** An article with its proof, all of it in memory. */
interface Packed {
  tree: Tree;
  blocks: MemoryBlocks;
}

function pack(newsroom: Newsroom, named = HARBOUR): Promise<Packed> {
  return withLog(newsroom, async (effects) => {
    const { root, read } = await packArticleProof(named, effects);
    const blocks = new MemoryBlocks();
    for await (const { cid, bytes } of walkDag(root, read)) {
      if (bytes === undefined) throw new Error(`${cid} is missing`);
      blocks.put({ cid, bytes });
    }
    return { tree: Tree.open({ cid: root, size: 0 }, blocks.read), blocks };
  });
}

/** Writes a CAR file of it; blocks of `others` may be in it, too. */
async function carOf({ tree, blocks }: Packed, ...others: Packed[]): Promise<string> {
  const car = join(temporaryFolder(), 'article.car');
  for (const other of others) for (const block of other.blocks.blocks.values()) blocks.put(block);
  const { cid } = await tree.write(blocks.sink);
  await writeWholeFile(car, writeCar(cid, blocks.read), signal);
  return car;
}

/** What fails when things below some names are those of another one. */
async function failuresWith(one: Packed, other: Packed, ...names: string[]): Promise<string[]> {
  for (const name of names) {
    const link = await other.tree.get([name]);
    if (link === undefined) throw new Error(`no ${name}`);
    await one.tree.set([name], link);
  }
  return failed(await judge(await carOf(one, other)));
}

async function judge(what: string, newsroom?: Newsroom): Promise<{ report: VerifyReport; exitCode: number }> {
  const options = { what, publication: undefined, requireCurrent: false };
  const reader = { memories: undefined, policy: NO_WITNESSES, now: NOW, signal };
  if (newsroom === undefined) return verify(options, { local: undefined, ...reader });
  return newsroom.use(({ repository, node }) =>
    verify(options, { local: { repository, read: node.read }, ...reader }),
  );
}

const failed = ({ report }: { report: VerifyReport }) =>
  report.checks.filter(({ result }) => result === 'fail').map(({ name, detail }) => `${name}: ${detail}`);

function checkOf({ report }: { report: VerifyReport }, wanted: string) {
  const found = report.checks.filter(({ name }) => name === wanted);
  expect(found).toHaveLength(1);
  return found[0];
}

describe('an article with its proof', () => {
  it('is judged by a stranger, offline, who is told what was not checked', async () => {
    const car = await carOf(await pack(await openPaper()));
    const judged = await judge(car);
    expect([judged.exitCode, judged.report.verdict, failed(judged)]).toEqual([0, 'genuine', []]);
    expect(checkOf(judged, 'log-inclusion')).toMatchObject({
      result: 'pass',
      detail: expect.stringMatching(/^entry 4 of 5 of the log ovn\.log\//),
    });
    expect(checkOf(judged, 'key-at-entry')?.result).toBe('pass');
    expect(checkOf(judged, 'log-fold')?.result).toBe('not-checked');
  });

  it('stays genuine when there is a newer revision, and the publisher knows that it is superseded', async () => {
    const newsroom = await openPaper();
    const car = await carOf(await pack(newsroom, { ...HARBOUR, revision: 1 }));
    await publishOne(newsroom, 'harbour', 'Harbour', 'It opens at seven.\n');
    const judged = await judge(car, newsroom);
    expect([judged.exitCode, judged.report.verdict, failed(judged)]).toEqual([0, 'genuine', []]);
    expect(checkOf(judged, 'listed')?.detail).toMatch(/^superseded by /);
  });

  it('is refused with the entry, the proof or the bundle of something else', async () => {
    const newsroom = await openPaper();
    const market = await pack(newsroom, { article: idOf('market'), revision: 1 });
    const reasons = async (...names: string[]) => failuresWith(await pack(newsroom), market, ...names);
    expect(await reasons('entry.json')).toEqual([expect.stringMatching(/^log-inclusion: .*not entry 4/)]);
    expect(await reasons('proof.tlog-proof')).toEqual([
      expect.stringMatching(/^log-inclusion: .*not entry 2/),
    ]);
    expect(await reasons('entry.json', 'proof.tlog-proof')).toEqual([
      expect.stringMatching(/^log-inclusion: the entry is of 2026\/01\/05\/market/),
    ]);
    expect(await reasons('bundle')).toEqual([
      expect.stringMatching(/^log-inclusion: the entry is of .*harbour/),
    ]);
  });

  it('is refused with the mastheads, or the proof, of another publication', async () => {
    const [newsroom, stranger] = [await openPaper(), await pack(await openPaper())];
    expect(await failuresWith(await pack(newsroom), stranger, 'masthead')).toEqual([
      'masthead-history: masthead 1 of the bundle is not in masthead/',
    ]);
    expect(await failuresWith(await pack(newsroom), stranger, 'entry.json', 'proof.tlog-proof')).toEqual([
      expect.stringMatching(/^log-inclusion: checkpoint: it is of the log/),
    ]);
  });

  it('is refused with something more or less in it', async () => {
    const newsroom = await openPaper();
    const less = await pack(newsroom);
    await less.tree.remove(['entry.json']);
    expect(failed(await judge(await carOf(less)))).toEqual(['proof-structure: entry.json is missing']);
    const more = await pack(newsroom);
    const link = await more.tree.get(['entry.json']);
    if (link !== undefined) await more.tree.set(['more.json'], link);
    expect(failed(await judge(await carOf(more)))).toEqual([
      'proof-structure: more.json does not belong to an article with its proof',
    ]);
  });

  it('is not made of what is not in a published log', async () => {
    const newsroom = await openPaper();
    await expect(
      withLog(newsroom, (effects) => packArticleProof({ ...HARBOUR, revision: 3 }, effects)),
    ).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('log-inclusion of verify', () => {
  it('is one check for the proof that an article brings and for the log that is here', async () => {
    const newsroom = await openPaper();
    const car = await carOf(await pack(newsroom));
    expect(checkOf(await judge(car, newsroom), 'log-inclusion')).toEqual({
      name: 'log-inclusion',
      result: 'pass',
      detail: expect.stringMatching(/^entry 4 of 5 of the log .*; .*revision 2, is entry 4 of the log/),
    });
    const elsewhere = await openPaper();
    expect(checkOf(await judge(car, elsewhere), 'log-inclusion')?.detail).toMatch(
      /^entry 4 of 5 .*ovn\.log\/\w+$/,
    );
  });

  it('fails where the proof holds and the log that is here disowns the key', async () => {
    const newsroom = await openPaper();
    const keys = await newsroom.use(({ repository }) => listHeldKeys(repository));
    const did = keys.find(({ role }) => role === 'desk')?.id ?? '';
    const car = await carOf(await pack(newsroom));
    await newsroom.masthead((effects) => rotateKey('desk', effects, { dryRun: false }));
    await newsroom.masthead((effects) => revokeKey({ did, fromEntry: 4 }, effects, { dryRun: false }));
    await newsroom.publish();
    expect(failed(await judge(car))).toEqual([]);
    const judged = await judge(car, newsroom);
    expect(judged.report.verdict).toBe('refused');
    expect(checkOf(judged, 'log-inclusion')).toMatchObject({
      result: 'fail',
      detail: expect.stringContaining('is disowned'),
    });
  });

  it('is of the log that is here, and not checked where none is', async () => {
    const newsroom = await openPaper();
    const car = join(temporaryFolder(), 'article.car');
    await newsroom.use(({ repository, node }) => {
      const { cid = '' } = repository.articles.get(HARBOUR.article) ?? {};
      return writeWholeFile(car, writeCar(CID.parse(cid), node.read), signal);
    });
    expect(checkOf(await judge(car), 'log-inclusion')?.result).toBe('not-checked');
    expect(checkOf(await judge(car, newsroom), 'log-inclusion')?.result).toBe('pass');
    expect(checkOf(await judge('harbour', newsroom), 'log-inclusion')?.result).toBe('pass');
  });
});
