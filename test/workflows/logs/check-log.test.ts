import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import type { LogCheckReport } from '../../../src/workflows/logs/check-log.ts';
import { checkLog } from '../../../src/workflows/logs/check-log.ts';
import type { Newsroom } from '../../helpers/newsroom.ts';
import { forgeHead, idOf, openPaper, publishOne, withLog } from './support.ts';

const HARBOUR = ['articles', ...idOf('harbour').split('/')];
const MARKET = ['articles', ...idOf('market').split('/')];

function check(newsroom: Newsroom, from?: number): Promise<LogCheckReport> {
  return withLog(newsroom, (effects) => checkLog(from, effects));
}

/** Names and details of the checks that failed. */
function failures({ ok, checks }: LogCheckReport): string[] {
  const failed = checks.filter(({ result }) => result === 'fail');
  expect(ok).toBe(failed.length === 0);
  return failed.map(({ name, detail }) => `${name}: ${detail}`);
}

/** The same attack on a check of the whole log, and on one that goes on from an honest edition before it. */
async function attacked(change: Parameters<typeof forgeHead>[1]): Promise<string[][]> {
  const found: string[][] = [];
  for (const seenBefore of [false, true]) {
    const newsroom = await openPaper();
    if (seenBefore) expect(failures(await check(newsroom))).toEqual([]);
    await publishOne(newsroom, 'harbour', 'Harbour', 'It opens at seven.\n');
    await forgeHead(newsroom, change);
    const report = await check(newsroom);
    expect(report.from).toBe(seenBefore ? 5 : 0);
    found.push(failures(report));
  }
  return found;
}

describe('log check', () => {
  it('replays all once, and then what is new', async () => {
    const newsroom = await openPaper();
    const first = await check(newsroom);
    expect([failures(first), first.from, first.size]).toEqual([[], 0, 5]);
    const again = await check(newsroom);
    expect([failures(again), again.from]).toEqual([[], 5]);
    await publishOne(newsroom, 'tower', 'Tower');
    await publishOne(newsroom, 'harbour', 'Harbour', 'It opens at seven.\n');
    const later = await check(newsroom);
    expect([failures(later), later.from, later.size]).toEqual([[], 5, 9]);
    expect(later.checks.map(({ detail }) => detail)).toEqual([
      'it begins with the 5 entries last seen',
      'entries 5 to 8, each one that can follow those before it',
      '2 articles are what was logged last, and no other changed',
      '2 earlier revisions of them are kept',
      '0 of them are retracted, and logged so',
    ]);
    expect((await check(newsroom, 0)).from).toBe(0);
    expect((await check(newsroom, 3)).from).toBe(0);
  });

  it('finds a dropped article', async () => {
    const [whole = [], since = []] = await attacked(async (edition) => {
      await edition.remove(MARKET);
      await edition.remove([...MARKET.slice(0, -1), `${MARKET.at(-1)}.html`]);
    });
    expect(whole).toEqual([`log-articles: ${idOf('market')} was logged, and is not there`]);
    expect(since).toEqual(whole);
  });

  it('finds a revision that is kept back', async () => {
    const results = await attacked(async (edition) => {
      const old = await edition.get(['revisions', ...idOf('harbour').split('/'), '2']);
      if (old !== undefined) await edition.set(HARBOUR, old);
    });
    for (const result of results) expect(result).toEqual([expect.stringMatching(/^log-articles: .*harbour/)]);
  });

  it('finds an article that was never logged', async () => {
    const results = await attacked(async (edition) => {
      const link = await edition.get(MARKET);
      if (link !== undefined) await edition.set([...MARKET.slice(0, -1), 'more'], link);
    });
    for (const result of results) expect(result).toEqual([expect.stringMatching(/^log-articles: .*logged/)]);
  });

  it('finds an earlier revision that is gone, or another one', async () => {
    const path = ['revisions', ...idOf('harbour').split('/'), '1'];
    const gone = await attacked((edition) => edition.remove(path));
    const reason = `log-revisions: revision 1 of ${idOf('harbour')} was logged, and is not kept`;
    expect(gone).toEqual([[reason], [reason]]);
    const other = await attacked(async (edition) => {
      const link = await edition.get(MARKET);
      if (link !== undefined) await edition.set(path, link);
    });
    for (const result of other) expect(result).toEqual([expect.stringMatching(/^log-revisions: /)]);
  });

  it('finds an edition that the log does not bear out', async () => {
    const results = await attacked((_edition, manifest) => {
      manifest.previous = manifest.masthead.cid;
    });
    for (const result of results) expect(result).toEqual([expect.stringMatching(/^log-entries: edition 2/)]);
  });

  it('finds that the log was rewritten', async () => {
    const newsroom = await openPaper();
    const fork = newsroom.copy();
    await publishOne(newsroom, 'tower', 'Tower');
    await check(newsroom);
    const { remembered } = await newsroom.use(({ repository }) => ({
      remembered: repository.meta.get('log-check') ?? '',
    }));
    await fork.use(({ repository }) => repository.meta.set('log-check', remembered));
    expect(failures(await check(fork))).toEqual([
      'log-growth: it has 5 entries, and had 7 when it was last seen',
    ]);
    await publishOne(fork, 'bridge', 'Bridge');
    expect(failures(await check(fork))).toEqual([
      'log-growth: its first 7 entries are not those that were last seen',
    ]);
  });

  it('does not call a block that is not here a lie', async () => {
    const newsroom = await openPaper();
    await newsroom.use(({ repository }) => {
      const { cid = '' } = repository.articles.get(idOf('market')) ?? {};
      const sql = 'DELETE FROM blocks WHERE multihash = ?';
      repository.db.prepare(sql).run(CID.parse(cid).multihash.bytes);
    });
    await expect(check(newsroom)).rejects.toMatchObject({ code: 'not-found' });
  });
});
