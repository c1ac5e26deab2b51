import { CID } from 'multiformats/cid';
import { describe, expect, it } from 'vitest';
import type { Followed } from '../../../src/repo/followed.ts';
import type { SqliteBlockstore } from '../../../src/repo/sqlite-blockstore.ts';
import { surveyDag } from '../../../src/workflows/following/survey.ts';
import { surveyHeld } from '../../../src/workflows/following/survey-held.ts';
import { offering, TestMirrorRepository, TestPlace, takeBlocks } from '../../helpers/following.ts';
import { image } from '../../helpers/images.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

const { signal } = new AbortController();
const WHOLE = { holding: undefined, allNew: undefined };

/** A paper of so many articles, and a mirror that holds all of it. */
async function follow(count: number) {
  const newsroom = await Newsroom.open();
  const write = (name: string, title: string): void => {
    const text = source({ title, date: `2026-01-0${(name.length % 9) + 1}`, categories: '[Science]' });
    newsroom.write(`articles/${name}.md`, text);
  };
  for (let at = 0; at < count; at++) write(`${'a'.repeat(at % 9)}${at}`, `Article ${at}`);
  const held = new MemoryBlocks();
  const mirror = await TestMirrorRepository.open();
  let editions = 0;
  const publish = async () => {
    const now = new Date(NOW.getTime() + ++editions * 60_000);
    const { edition, publication } = await newsroom.publish({ now });
    await newsroom.use(({ repository }) => takeBlocks(held, edition ?? '', repository));
    return { id: publication, offers: [offering(edition ?? '', new TestPlace(held))], call: { now } };
  };
  const { id, offers, call } = await publish();
  await mirror.follow(id, offers, call);
  const repository = mirror.repository();
  const followed = (): Followed | undefined => repository.followed.get(id);
  const move = async (): Promise<void> => {
    const next = await publish();
    expect(await mirror.sync(id, next.offers, next.call)).toMatchObject({ outcome: 'moved' });
  };
  return { newsroom, write, repository, followed, move };
}

/** The same store, which counts what it is asked for. */
function counting({ blockstore }: { blockstore: SqliteBlockstore }) {
  let reads = 0;
  const count = <T>(given: T): T => {
    reads += 1;
    return given;
  };
  const store = {
    getBytes: (cid: CID) => count(blockstore.getBytes(cid)),
    sizeOf: (cid: CID) => count(blockstore.sizeOf(cid)),
    has: (cid: CID) => count(blockstore.has(cid)),
  };
  return { store: store as SqliteBlockstore, reads: () => reads };
}

describe('what is held of an edition', () => {
  it('is found out by reading what is new, whatever the size of the paper', async () => {
    const costs: number[] = [];
    for (const size of [12, 240]) {
      const { write, repository, followed, move } = await follow(size);
      const before = followed();
      const { inner } = await surveyDag(CID.parse(before?.edition ?? ''), repository.blockstore, signal);
      write('new', 'New');
      await move();
      const root = CID.parse(followed()?.edition ?? '');
      const all = await surveyDag(root, repository.blockstore, signal);
      // As it was before the move: only what the edition before has is known to be whole.
      repository.db.exec('DELETE FROM complete');
      repository.pins.markComplete(inner);
      const { store, reads } = counting(repository);
      const { pins } = repository;
      const { held, inner: marked } = await surveyHeld(
        root,
        WHOLE,
        before,
        { blockstore: store, pins },
        signal,
      );
      expect(held).toMatchObject({ bytes: all.bytes, whole: true });
      pins.markComplete(marked);
      expect(all.inner.filter((cid) => !pins.isComplete(cid))).toEqual([]);
      expect(all.sizes.size).toBeGreaterThan(3 * size);
      costs.push(reads());
    }
    const [small = 0, large = 0] = costs;
    // The folder of a year's search is new with every article: what lies in it is looked up, a file for each 28 articles of the year.
    expect(large).toBeLessThan(small + 60);
    expect(large).toBeLessThan(180);
  });

  it('is counted as if all of it had been looked at, through corrections and pages that come and go', async () => {
    const { newsroom, write, repository, followed, move } = await follow(12);
    const steps = [
      () => write('0', 'Article 0, corrected'),
      () => {
        newsroom.write('articles/b.md', source({ title: 'B', image: 'b.jpg', imageAlt: 'A boat' }));
        newsroom.write('articles/b.jpg', image('photo.jpg'));
      },
      () => {
        newsroom.configure({ tagline: 'Another one' });
        write('c', 'C');
      },
      () => {
        newsroom.configure({ tagline: '' });
        write('d', 'D');
      },
    ];
    for (const step of steps) {
      step();
      await move();
      const { bytes, edition } = followed() ?? {};
      const all = await surveyDag(CID.parse(edition ?? ''), repository.blockstore, signal);
      expect(bytes).toBe(all.bytes);
    }
  });

  it('is looked at as a whole where nothing is known of it, and refused where a block is gone', async () => {
    const { write, repository, followed, move } = await follow(12);
    const before = followed();
    write('new', 'New');
    await move();
    const root = CID.parse(followed()?.edition ?? '');
    const all = await surveyDag(root, repository.blockstore, signal);
    repository.db.exec('DELETE FROM complete');
    const { held, inner } = await surveyHeld(root, WHOLE, before, repository, signal);
    expect([held.bytes, inner.length]).toEqual([all.bytes, all.inner.length]);
    repository.blockstore.delete(all.inner.at(-1) ?? root);
    await expect(surveyHeld(root, WHOLE, before, repository, signal)).rejects.toMatchObject({
      code: 'incomplete',
    });
  });
});
