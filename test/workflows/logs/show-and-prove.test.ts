import { describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/log/checkpoint.ts';
import { parseTlogProof, verifyTlogProof } from '../../../src/log/tlog-proof.ts';
import { parseVerifierKey } from '../../../src/log/verifier.ts';
import { NO_WITNESSES } from '../../../src/log/witness-policy.ts';
import { requireHeadLog } from '../../../src/workflows/logs/head-log.ts';
import { namedRevision } from '../../../src/workflows/logs/named-revision.ts';
import { proveRevision, type RevisionProof } from '../../../src/workflows/logs/prove-revision.ts';
import { logKeys, showLog } from '../../../src/workflows/logs/show-log.ts';
import { Newsroom } from '../../helpers/newsroom.ts';
import { forgeHead, idOf, openPaper, withLog } from './support.ts';

const ALL = { from: 0, limit: 100 };

function show(newsroom: Newsroom, options: { from: number | undefined; limit: number } = ALL) {
  return withLog(newsroom, (effects) => showLog(options, effects));
}

function prove(newsroom: Newsroom, what: string, revision?: number): Promise<RevisionProof> {
  return withLog(newsroom, async (effects) => {
    const named = await namedRevision(what, revision, effects);
    return proveRevision(named, await requireHeadLog(effects), effects);
  });
}

describe('log show', () => {
  it('lists what was published, in its order', async () => {
    const newsroom = await openPaper();
    const { entries, size, unpublished } = await show(newsroom);
    expect({ size, unpublished }).toEqual({ size: 5, unpublished: 0 });
    const told = entries.map(({ index, kind, ...rest }) => [
      index,
      kind,
      'article' in rest ? rest.article : '',
    ]);
    expect(told).toEqual([
      [0, 'masthead', ''],
      [1, 'publish', idOf('harbour')],
      [2, 'publish', idOf('market')],
      [3, 'edition', ''],
      [4, 'update', idOf('harbour')],
    ]);
    expect(entries.map(({ time }) => time)).toEqual(Array(5).fill('2026-01-10T12:00:00Z'));
  });

  it('shows the newest, or a part', async () => {
    const newsroom = await openPaper();
    const indexes = async (from: number | undefined, limit: number) =>
      (await show(newsroom, { from, limit })).entries.map(({ index }) => index);
    expect(await indexes(undefined, 2)).toEqual([3, 4]);
    expect(await indexes(1, 2)).toEqual([1, 2]);
    expect(await indexes(4, 9)).toEqual([4]);
    expect(await indexes(9, 9)).toEqual([]);
  });

  it('says what is recorded and not published', async () => {
    const newsroom = await Newsroom.open();
    expect(await show(newsroom)).toMatchObject({ size: 0, unpublished: 1, entries: [] });
    const paper = await openPaper();
    await paper.use(({ repository }) => repository.recordHeadEdition());
    expect(await show(paper)).toMatchObject({ size: 5, unpublished: 1 });
  });

  it('refuses entries that are not those of the tree', async () => {
    const newsroom = await openPaper();
    await forgeHead(newsroom, async (edition) => {
      const link = await edition.get(['log', 'checkpoint']);
      if (link !== undefined) await edition.set(['log', 'tile', 'entries', '000.p', '5'], link);
    });
    await expect(show(newsroom)).rejects.toThrow('tile/entries/000.p/5 does not hold 5 entries');
  });
});

describe('log key', () => {
  it('gives the keys that open the checkpoint', async () => {
    const newsroom = await openPaper();
    const { origin, threshold, keys } = await withLog(newsroom, ({ repository }) => logKeys(repository));
    const note = await withLog(newsroom, async (effects) => (await requireHeadLog(effects)).note);
    const identity = { origin, threshold, keys: keys.map(parseVerifierKey) };
    expect(openCheckpoint(note, identity).size).toBe(5);
  });
});

describe('log proof', () => {
  it('proves a revision with nothing but entry, proof and verifier key', async () => {
    const newsroom = await openPaper();
    const { proof, entryBytes, verifierKeys, entry, index, size } = await prove(newsroom, 'harbour');
    expect([entry.article, entry.revision, index, size]).toEqual([idOf('harbour'), 2, 4, 5]);
    const keys = verifierKeys.map(parseVerifierKey);
    const log = { origin: keys[0]?.name ?? '', keys, threshold: 1 };
    expect(verifyTlogProof(proof, entryBytes, log, NO_WITNESSES).index).toBe(4);
    const other = await prove(newsroom, 'market');
    expect(() => verifyTlogProof(proof, other.entryBytes, log, NO_WITNESSES)).toThrow('not entry 4');
  });

  it('takes a number, or the CID of an earlier revision', async () => {
    const newsroom = await openPaper();
    const first = await prove(newsroom, idOf('harbour'), 1);
    expect(parseTlogProof(first.proof).index).toBe(1);
    expect(await prove(newsroom, first.entry.cid)).toEqual(first);
  });

  it('has none of what is not logged', async () => {
    const newsroom = await openPaper();
    await expect(prove(newsroom, 'harbour', 3)).rejects.toMatchObject({ code: 'not-found' });
    await expect(prove(newsroom, 'science')).rejects.toMatchObject({ code: 'usage' });
    const event = {
      kind: 'update',
      article: idOf('market'),
      revision: 2,
      cid: 'x',
      time: 'x',
      sequence: 3,
    } as const;
    await newsroom.use(({ repository }) => repository.events.append(event));
    await expect(prove(newsroom, 'market', 2)).rejects.toThrow('not in a published log yet');
  });

  it('says so where nothing is published', async () => {
    const newsroom = await Newsroom.open();
    await expect(withLog(newsroom, requireHeadLog)).rejects.toMatchObject({ code: 'not-found' });
  });
});
