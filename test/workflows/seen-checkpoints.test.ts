import { beforeEach, describe, expect, it } from 'vitest';
import { openRepository } from '../../src/repo/open-repository.ts';
import { noteCheckpoint } from '../../src/workflows/seen-checkpoints.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';

const REFUSED = { code: 'damaged' };

describe('a checkpoint that others have seen', () => {
  let room: Newsroom;

  beforeEach(async () => {
    room = await Newsroom.open();
    room.write('articles/a.md', source({ title: 'First light' }));
    await room.publish();
  });

  async function publishArticle(where: Newsroom, title: string): Promise<Uint8Array> {
    where.write(`articles/${title}.md`, source({ title }));
    const { edition } = await where.publish();
    return Buffer.from(await where.read(edition, 'log/checkpoint'));
  }

  function note(where: Newsroom, bytes: Uint8Array): boolean {
    using repository = openRepository(where.dir);
    return noteCheckpoint(repository, bytes, 'mirror.example', NOW);
  }

  it('keeps a copy of the repository from forking the log', async () => {
    const copy = room.copy();
    const checkpoint = await publishArticle(room, 'Second');
    expect(note(copy, checkpoint)).toBe(true);
    await expect(publishArticle(copy, 'Another')).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('in mirror.example'),
    });
    using repository = openRepository(copy.dir);
    expect(repository.head()?.sequence).toBe(1);
  });

  it('does not stop the one that made it, nor what follows it', async () => {
    const first = await publishArticle(room, 'Second');
    expect(note(room, first)).toBe(true);
    const second = await publishArticle(room, 'Third');
    expect(note(room, second)).toBe(true);
    await publishArticle(room, 'Fourth');
    using repository = openRepository(room.dir);
    expect(repository.seenCheckpoints.list().map(({ size }) => size)).toEqual([6, 4]);
  });

  it.each([0, 1, 2])('stops a log that has forked, %i editions later', async (more) => {
    const copy = room.copy();
    const checkpoint = await publishArticle(room, 'Second');
    await publishArticle(copy, 'Another');
    for (let at = 0; at < more; at++) await publishArticle(copy, `More ${at}`);
    note(copy, checkpoint);
    await expect(publishArticle(copy, 'Last')).rejects.toMatchObject({
      ...REFUSED,
      message: expect.stringContaining('two histories'),
    });
  });

  it('is kept once, and only when it is of this log and signed by it', async () => {
    const stranger = await Newsroom.open();
    stranger.write('articles/a.md', source());
    const foreign = await publishArticle(stranger, 'Elsewhere');
    expect(note(room, foreign)).toBe(false);
    const checkpoint = await publishArticle(room, 'Second');
    const text = Buffer.from(checkpoint).toString();
    const forged = Buffer.from(text.replace(/\n4\n/, '\n9\n'));
    expect(() => note(room, forged)).toThrow(/signature/);
    note(room, checkpoint);
    note(room, checkpoint);
    using repository = openRepository(room.dir);
    expect(repository.seenCheckpoints.list()).toHaveLength(1);
  });
});
