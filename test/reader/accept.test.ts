import { describe, expect, it } from 'vitest';
import { parseCheckpoint } from '../../src/log/checkpoint.ts';
import { parseNote } from '../../src/log/note.ts';
import { type ReplayedLog, replayLog } from '../../src/log/replay.ts';
import type { TileReader } from '../../src/log/tile-reader.ts';
import { TileTree } from '../../src/log/tile-tree.ts';
import { formatVerifierKey } from '../../src/log/verifier.ts';
import { parsePolicy } from '../../src/log/witness-policy.ts';
import type { Offered } from '../../src/reader/offered.ts';
import { RULES } from '../../src/reader/rules.ts';
import { exitCodeOfVerdict } from '../../src/reader/verdict.ts';
import { LoggedPaper, offer, PAPER_TIME, type PaperEdition } from '../helpers/logged-paper.ts';
import { cosigned, noteSigner } from '../log/support.ts';
import { detailOf, memoryOf, newPaper, ONE, read, resultsOf, TWO } from './support.ts';

const LATER = new Date('2026-06-01T00:00:00Z');

describe('a reader at first contact', () => {
  it('accepts an edition, says what it could not check, and remembers it', async () => {
    const paper = await newPaper();
    const accepted = await read(undefined, offer(paper.newest));
    expect(accepted.checks.map(({ name }) => name)).toEqual(RULES);
    expect(resultsOf(accepted)).toMatchObject({
      'name-record': 'not-checked',
      mastheads: 'pass',
      rollback: 'pass',
      fork: 'not-checked',
      'log-record': 'pass',
      witnesses: 'not-checked',
    });
    expect(detailOf(accepted, 'mastheads')).toContain('seen for the first time');
    expect(detailOf(accepted, 'witnesses')).toContain('unwitnessed');
    expect(accepted.verdict).toBe('current');
    expect(accepted.memory).toMatchObject({ publication: paper.id, trust: 'first-use', logSince: 1 });
  });

  it('trusts an id that is expected from the start, and no other', async () => {
    const { id, newest } = await newPaper();
    const accepted = await read(undefined, offer(newest), { expectedId: id });
    expect(accepted.memory?.trust).toBe('confirmed');
    const other = await read(undefined, offer(newest), { expectedId: new LoggedPaper('other').id });
    expect(other.verdict).toBe('refused');
    expect(detailOf(other, 'mastheads')).toContain(`not of ${new LoggedPaper('other').id}`);
  });

  it('stays confirmed once the id was named', async () => {
    const paper = await newPaper();
    const first = await read(undefined, offer(paper.newest), { expectedId: paper.id });
    const again = await read(first.memory, offer(paper.newest));
    expect(again.memory?.trust).toBe('confirmed');
  });
});

describe('a log that was replayed before', () => {
  /** Judges what a reader is offered; how many of the files read hold entries. */
  async function countEntries(edition: PaperEdition, replayed: ReplayedLog | undefined) {
    const offered = offer(edition);
    const files: (readonly string[])[] = [];
    const readTile: TileReader = (path, limit) => {
      files.push(path);
      return offered.readTile(path, limit);
    };
    const { verdict } = await read(undefined, { ...offered, readTile }, { replayed });
    return [verdict, files.filter((path) => path.includes('entries')).length];
  }

  it('is not read again, and a log of another root is', async () => {
    const paper = await newPaper();
    const first = paper.newest;
    const { checkpoint, readTile } = offer(first);
    const tree = await TileTree.open(parseCheckpoint(parseNote(checkpoint!).text), readTile);
    const replayed = await replayLog(tree);
    expect(await countEntries(first, undefined)).toEqual(['current', 1]);
    expect(await countEntries(first, replayed)).toEqual(['current', 0]);
    paper.revise(ONE, 'correction');
    expect(await countEntries(await paper.issue(), replayed)).toEqual(['current', 1]);
  });
});

describe('a reader with a memory', () => {
  it('goes on to the next edition of the same history', async () => {
    const paper = await newPaper();
    const memory = await memoryOf([offer(paper.newest)]);
    paper.revise(ONE, 'correction');
    const next = await read(memory, offer(await paper.issue()));
    expect(resultsOf(next)).toMatchObject({ rollback: 'pass', fork: 'pass', 'log-sequence': 'pass' });
    expect(next.memory?.manifest).toEqual(paper.newest.manifest);
  });

  it('accepts the same edition again, and only sees it later', async () => {
    const paper = await newPaper();
    const memory = await memoryOf([offer(paper.newest)]);
    const now = new Date(PAPER_TIME.getTime() + 60_000);
    const again = await read(memory, offer(paper.newest), { now });
    expect(again.memory).toEqual({ ...memory, seenAt: '2026-01-10T12:01:00Z' });
    const earlier = await read(again.memory, offer(paper.newest), { now: PAPER_TIME });
    expect(earlier.memory).toEqual(again.memory);
  });

  it('says of an expired edition that it is not confirmed as current: 3, and 4 where that is demanded', async () => {
    const paper = await newPaper();
    const memory = await memoryOf([offer(paper.newest)]);
    const frozen = await read(memory, offer(paper.newest), { now: LATER });
    expect(frozen.verdict).toBe('listed');
    expect(detailOf(frozen, 'freshness')).toMatch(/expired 2026-02-09T.*last confirmed 2026-01-10T12:00:00Z/);
    expect(exitCodeOfVerdict(frozen.verdict, 'name')).toBe(3);
    expect(exitCodeOfVerdict(frozen.verdict, 'cid')).toBe(0);
    const demanded = await read(memory, offer(paper.newest), { now: LATER, requireCurrent: true });
    expect(resultsOf(demanded)['freshness']).toBe('fail');
    expect(exitCodeOfVerdict(demanded.verdict, 'cid')).toBe(4);
  });

  it('takes an older edition that is named by its CID, shows it as superseded, and keeps the newer', async () => {
    const paper = await newPaper();
    const old = paper.newest;
    paper.revise(ONE);
    await paper.issue();
    const memory = await memoryOf([offer(old), offer(paper.newest)]);
    const accepted = await read(memory, offer(old), { namedBy: 'cid' });
    expect(accepted.verdict).toBe('genuine');
    expect(exitCodeOfVerdict(accepted.verdict, 'cid')).toBe(0);
    expect(detailOf(accepted, 'rollback')).toContain('superseded: sequence 1; 2 was seen');
    expect(accepted.memory).toEqual(memory);
  });

  it('keeps the newest name record', async () => {
    const { newest } = await newPaper();
    const named = (sequence: number): Offered =>
      offer(newest, { name: { sequence, expires: '2027-01-01T00:00:00Z' } });
    const first = await read(undefined, named(7));
    const unnamed = await read(first.memory, offer(newest));
    expect(unnamed.memory?.name?.sequence).toBe(7);
    const older = await read(unnamed.memory, named(6));
    expect(resultsOf(older)['name-record']).toBe('fail');
    const expired = await read(first.memory, named(8), { now: LATER });
    expect(expired.verdict).toBe('listed');
  });
});

describe('keys that change', () => {
  it('count for what was logged before: articles, editions and the log itself', async () => {
    const paper = await newPaper();
    const editions: PaperEdition[] = [paper.newest];
    for (const role of ['desk', 'edition', 'log', 'masthead', 'name'] as const) {
      paper.addKey(role);
      paper.revise(`2026/01/03/${role}`);
      editions.push(await paper.issue());
    }
    const memory = await memoryOf(editions.map((edition) => offer(edition)));
    expect(memory.mastheads).toHaveLength(6);
  });

  it('leave an older edition genuine, which a later log decides', async () => {
    const paper = await newPaper();
    const old = paper.newest;
    paper.addKey('edition');
    paper.addKey('log');
    const memory = await memoryOf([offer(old), offer(await paper.issue())]);
    const alone = await read(memory, offer(old), { namedBy: 'cid' });
    expect(resultsOf(alone)).toMatchObject({ 'manifest-signed': 'not-checked', fork: 'not-checked' });
    expect(alone.verdict).toBe('genuine');
    const later = (await read(memory, offer(paper.newest))).accepted?.log;
    const decided = await read(memory, offer(old), { namedBy: 'cid', later });
    expect(resultsOf(decided)).toMatchObject({
      'manifest-signed': 'pass',
      fork: 'pass',
      'log-sequence': 'pass',
    });
  });

  it('leave what was logged before a retired or revoked key was taken away', async () => {
    const paper = await newPaper();
    const [desk] = paper.keys.desk;
    const size = paper.head.size;
    paper.addKey('desk', { instead: false });
    paper.revoke('desk', desk!.did, size);
    const memory = await memoryOf([offer(await paper.issue())]);
    expect(memory.mastheads).toHaveLength(3);
  });

  it('are remembered even where the manifest is refused, so that a removed key does not come back', async () => {
    const paper = await newPaper();
    const memory = await memoryOf([offer(paper.newest)]);
    const [stolen] = paper.keys.edition;
    paper.addKey('edition');
    const forged = await paper.clone().issue({ signers: [stolen!] });
    const refused = await read(memory, offer(forged));
    expect(resultsOf(refused)['manifest-signed']).toBe('fail');
    expect(refused.memory).toEqual({ ...memory, mastheads: paper.mastheads });
    const older = await read(refused.memory, offer(paper.newest));
    expect(detailOf(older, 'mastheads')).toContain('masthead 2 was seen before');
  });
});

describe('an article', () => {
  const looked = (edition: PaperEdition, at: number): Partial<Offered> => ({
    looked: { kind: 'article', bundle: { ...edition.bundles[at]!, place: 'alone' } },
  });

  it('is current as the newest revision, genuine as an earlier one', async () => {
    const paper = await newPaper();
    paper.revise(ONE, 'correction');
    const edition = await paper.issue();
    const earlier = await read(undefined, offer(edition, looked(edition, 0)));
    expect(detailOf(earlier, 'log-record')).toMatch(
      /revision 1, is entry 1 of the log .publish., superseded by bafy/,
    );
    expect(earlier.verdict).toBe('genuine');
    const newest = await read(undefined, offer(edition, looked(edition, 1)));
    expect(newest.verdict).toBe('current');
    const demanded = await read(undefined, offer(edition, looked(edition, 0)), { requireCurrent: true });
    expect(resultsOf(demanded)['log-record']).toBe('fail');
  });

  it('that is newer than the log at hand is not checked against it', async () => {
    const paper = await newPaper();
    const bundle = { ...paper.revise('2026/01/09/new'), place: 'alone' as const };
    const accepted = await read(undefined, offer(paper.newest, { looked: { kind: 'article', bundle } }));
    expect(resultsOf(accepted)['log-record']).toBe('not-checked');
    expect(accepted.verdict).toBe('genuine');
  });
});

describe('a manifest from before there was a log', () => {
  async function migrated(): Promise<{ paper: LoggedPaper; old: PaperEdition }> {
    const paper = new LoggedPaper();
    paper.revise(ONE);
    const old = await paper.issue({ withoutLog: true });
    paper.revise(TWO);
    await paper.issue();
    return { paper, old };
  }
  const UNLOGGED = { fork: 'not-checked', checkpoint: 'not-checked', 'log-sequence': 'not-checked' };

  it('is accepted while no log was seen, and what follows it with a log as well', async () => {
    const { paper, old } = await migrated();
    const first = await read(undefined, offer(old));
    expect(resultsOf(first)).toMatchObject({ ...UNLOGGED, 'log-record': 'not-checked' });
    expect(first.memory).not.toHaveProperty('logSince');
    const second = await read(first.memory, offer(paper.newest));
    expect(second.verdict).toBe('current');
    expect(second.memory?.logSince).toBe(2);
  });

  it('is accepted by its CID where the later log names it, and refused where a log was there by then', async () => {
    const { paper, old } = await migrated();
    const { memory, accepted } = await read(undefined, offer(paper.newest));
    const named = await read(memory, offer(old), { namedBy: 'cid', later: accepted?.log });
    expect(detailOf(named, 'log-sequence')).toContain('a later log names it');
    const since = { ...memory!, logSince: 1 };
    const hidden = await read(since, offer(old), { namedBy: 'cid' });
    expect(detailOf(hidden, 'checkpoint')).toContain('it has no log; sequence 1 had one');
  });
});

describe('witnesses', () => {
  const witness = noteSigner('witness.example', 'cosignature');
  const policy = parsePolicy(1, [formatVerifierKey(witness.verifier)]);

  it('that are asked for and signed are named with their time', async () => {
    const { newest } = await newPaper();
    const checkpoint = cosigned(parseNote(newest.checkpoint!), [witness]);
    const accepted = await read(undefined, offer(newest, { checkpoint }), { policy, demandWitnesses: true });
    expect(detailOf(accepted, 'witnesses')).toContain('witness.example (2023-11-14T22:13:20Z)');
    expect(accepted.verdict).toBe('current');
  });

  it('that are missing leave it unconfirmed, and refuse where they are demanded', async () => {
    const { newest } = await newPaper();
    const missing = await read(undefined, offer(newest), { policy });
    expect(missing.verdict).toBe('listed');
    expect(detailOf(missing, 'witnesses')).toBe('unwitnessed: 0 of 1 witnesses, 1 asked for');
    const demanded = await read(undefined, offer(newest), { policy, demandWitnesses: true });
    expect(resultsOf(demanded)['witnesses']).toBe('fail');
  });
});
