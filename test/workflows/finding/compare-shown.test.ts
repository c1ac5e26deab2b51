import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it } from 'vitest';
import { verifyEvidence } from '../../../src/reader/verify-evidence.ts';
import { openRepository } from '../../../src/repo/open-repository.ts';
import { compareShown } from '../../../src/workflows/finding/compare-shown.ts';
import type { Offer } from '../../../src/workflows/finding/offers.ts';
import { Evidence } from '../../../src/workflows/verification/judging.ts';
import { offering, TestMirrorRepository, TestPlace, takeBlocks } from '../../helpers/following.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

interface Edition {
  edition: string;
  note: string;
}

const blocks = new MemoryBlocks();
let id: string | undefined;
/** Three editions of one history, and two of another one that begins alike. */
let ours: Edition[];
let theirs: Edition[];
let foreign: Edition;

/** They are made once: what is kept of them is in memory. */
beforeEach(async () => {
  if (id !== undefined) return;
  const room = await Newsroom.open();
  ours = [await publish(room, 'One')];
  const fork = room.copy();
  for (const title of ['Two', 'Three']) ours.push(await publish(room, title));
  theirs = [await publish(fork, 'Other'), await publish(fork, 'More')];
  foreign = await publish(await Newsroom.open(), 'Elsewhere');
  using repository = openRepository(room.dir);
  id = repository.publicationId;
});

async function publish(room: Newsroom, title: string): Promise<Edition> {
  room.write(`articles/${title}.md`, source({ title }));
  const { edition } = await room.publish();
  using repository = openRepository(room.dir);
  await takeBlocks(blocks, edition, repository);
  return { edition, note: await room.read(edition, 'log/checkpoint') };
}

const at = (editions: readonly Edition[], index: number): Edition => editions[index] ?? foreign;

describe('the logs that others show, beside one that was judged', () => {
  /** How they stand to the second edition. */
  async function compare(shown: Edition, edition?: string, read = blocks.read) {
    const { signal } = new AbortController();
    const given = [{ from: 'a mirror', note: Buffer.from(shown.note), edition }];
    const evidence = new Evidence(read, { now: NOW, signal });
    const [compared] = await compareShown(CID.parse(at(ours, 1).edition), given, evidence);
    return compared;
  }

  it.each<[string, () => Edition, string]>([
    ['agree, shorter', () => at(ours, 0), 'agrees'],
    ['agree, of one size', () => at(ours, 1), 'agrees'],
    ['are longer', () => at(ours, 2), 'longer'],
    ['have forked, of one size', () => at(theirs, 0), 'fork'],
    ['have forked, longer', () => at(theirs, 1), 'fork'],
    ['are of another paper', () => foreign, 'foreign'],
    ['are forged', () => ({ ...at(ours, 2), note: at(ours, 2).note.replace(/\n6\n/, '\n7\n') }), 'foreign'],
    ['are none', () => ({ ...at(ours, 2), note: 'no note' }), 'foreign'],
  ])('%s', async (_, shown, relation) => {
    const compared = await compare(shown(), shown().edition);
    expect(compared?.relation).toBe(relation);
    expect(compared?.contradiction === undefined).toBe(relation !== 'fork');
  });

  it('are read where an edition is shown without its checkpoint', async () => {
    const { signal } = new AbortController();
    const evidence = new Evidence(blocks.read, { now: NOW, signal });
    const shown = [at(theirs, 0), foreign].map(({ edition }) => ({ from: 'a mirror', edition }));
    const compared = await compareShown(CID.parse(at(ours, 1).edition), shown, evidence);
    expect(compared.map(({ relation }) => relation)).toEqual(['fork', 'foreign']);
  });

  it('cannot be told where they are longer and nobody gives them, or gives another one', async () => {
    expect((await compare(at(theirs, 1)))?.relation).toBe('ahead');
    expect((await compare(at(theirs, 1), at(ours, 2).edition))?.relation).toBe('ahead');
    const { edition } = at(ours, 2);
    const without = async (cid: CID) => (cid.toString() === edition ? undefined : blocks.read(cid));
    expect((await compare(at(ours, 2), edition, without))?.relation).toBe('ahead');
  });
});

describe('a mirror that is shown other logs', () => {
  let mirror: TestMirrorRepository;
  const place = new TestPlace(blocks);

  beforeEach(async () => {
    mirror = await TestMirrorRepository.open();
  });

  function offer({ edition, note }: Edition, shows: Edition, from: string): Offer {
    return offering(edition, place, { from, checkpoint: shows === undefined ? note : shows.note });
  }

  it('keeps its history and what shows the other, once; and says so', async () => {
    const second = at(ours, 1);
    await mirror.follow(String(id), [offer(second, second, 'https://a.example')]);
    const offers = [
      offer(second, second, 'https://a.example'),
      offer(second, at(theirs, 0), 'https://b.example'),
    ];
    const report = await mirror.sync(String(id), offers);
    expect(report).toMatchObject({
      outcome: 'same',
      edition: second.edition,
      problem: { code: 'refused', message: expect.stringContaining('https://b.example: two histories') },
    });
    const evidence = report.evidence ?? '';
    expect(verifyEvidence(readFileSync(evidence))).toMatchObject({ verdict: 'proven', publication: id });
    expect((await mirror.sync(String(id), offers)).evidence).toBe(evidence);
    expect(readdirSync(dirname(evidence))).toHaveLength(1);
    expect(mirror.repository().followed.get(String(id))).toMatchObject({
      edition: second.edition,
      problem: report.problem,
    });
    expect((await mirror.sync(String(id), offers.slice(0, 1))).problem).toBeNull();
  });

  it('tells of two histories also where it had none', async () => {
    const report = await mirror.follow(String(id), [
      offer(at(ours, 2), at(ours, 2), 'https://a.example'),
      offer(at(theirs, 0), at(theirs, 0), 'https://b.example'),
    ]);
    expect(report).toMatchObject({ outcome: 'moved', edition: at(ours, 2).edition });
    expect(report.problem?.message).toContain('https://b.example: two histories');
    expect(verifyEvidence(readFileSync(report.evidence ?? '')).verdict).toBe('proven');
  });

  it('is not confirmed where somebody shows more of the log than anybody gives', async () => {
    const second = at(ours, 1);
    await mirror.follow(String(id), [offer(second, second, 'https://a.example')]);
    const report = await mirror.sync(String(id), [offer(second, at(ours, 2), 'https://b.example')]);
    expect(report).toMatchObject({
      outcome: 'kept',
      edition: second.edition,
      problem: { code: 'incomplete' },
    });
    const foul = await mirror.sync(String(id), [offer(second, foreign, 'https://b.example')]);
    expect(foul).toMatchObject({ outcome: 'same', problem: null });
    expect(foul.failures.at(-1)?.why).toContain('no checkpoint of this log');
  });
});
