import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeEach, describe, expect, it } from 'vitest';
import { OvnError } from '../../../src/errors.ts';
import { CarPlace, offering, TestMirrorRepository, TestPlace, takeBlocks } from '../../helpers/following.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

const LATER = new Date('2026-01-10T13:00:00Z');
const EXPIRED = new Date('2026-03-10T12:00:00Z');

let newsroom: Newsroom;
let id: string;
const held = new MemoryBlocks();

/** Publishes what is there; the root of the edition, whose blocks are in `held`. */
async function publish(now = NOW): Promise<string> {
  const { edition, publication } = await newsroom.publish({ now });
  id = publication;
  await newsroom.use(({ repository }) => takeBlocks(held, edition ?? '', repository));
  return edition ?? '';
}

function write(count: number, from = 0): void {
  for (let at = from; at < from + count; at++) {
    const day = `2026-01-0${(at % 9) + 1}`;
    newsroom.write(
      `articles/a${at}.md`,
      source({ title: `Article ${at}`, date: day, categories: at % 2 ? '[Science]' : '[World, Science]' }),
    );
  }
}

beforeEach(async () => {
  held.blocks.clear();
  newsroom = await Newsroom.open();
  write(12);
});

describe('a mirror', () => {
  it('follows, holds all of it, and moves on with the publisher', async () => {
    const first = await publish();
    const mirror = await TestMirrorRepository.open();
    const place = new CarPlace(held);
    const report = await mirror.follow(place.id, [offering(first, place)]);
    expect(report).toMatchObject({ outcome: 'moved', publication: id, sequence: 1, problem: null });
    expect(report).toMatchObject({ name: 'The Paper', licences: [], held: { whole: true } });
    expect(place.cars).toBe(2); // the log, then all of it
    expect(await mirror.failures()).toEqual([]);
    expect(await mirror.gc()).toBe(0);

    write(1, 12);
    const second = await publish(LATER);
    const moved = await mirror.sync(id, [offering(second, place)], { now: LATER });
    expect(moved).toMatchObject({ outcome: 'moved', from: first, edition: second, sequence: 2 });
    expect(await mirror.sync(id, [offering(second, place)])).toMatchObject({
      outcome: 'same',
      problem: null,
    });
    expect(mirror.targets.at(-1)).toMatchObject({ publication: id, urls: [`${place.id}/`] });
    const [followed] = mirror.repository().followed.list();
    expect(followed).toMatchObject({ edition: second, sequence: 2, whole: true, target: place.id });
    expect(await mirror.gc()).toBeGreaterThan(0);
    expect(await mirror.failures()).toEqual([]);
  });

  it('fetches no more than what is new, whatever the size of the paper', async () => {
    const costs: Record<string, number>[] = [];
    for (const size of [12, 120]) {
      write(size);
      const first = await publish();
      const mirror = await TestMirrorRepository.open();
      const place = new TestPlace(held);
      await mirror.follow(place.id, [offering(first, place)]);
      place.forget();
      newsroom.write('articles/new.md', source({ title: `New at ${size}`, date: '2026-01-09' }));
      const second = await publish(LATER);
      const { fetched, outcome } = await mirror.sync(id, [offering(second, place)], { now: LATER });
      expect(outcome).toBe('moved');
      expect(fetched.blocks).toBe(place.blocks);
      costs.push({ blocks: place.blocks, rounds: place.rounds });
    }
    for (const { blocks, rounds } of costs) {
      // 44 or 45 of pages, feeds, log and trees, and 5 of search.
      expect(blocks).toBeLessThan(52);
      expect(rounds).toBeLessThan(24);
    }
  });

  it('goes on from what came in, also for a later edition', async () => {
    const first = await publish();
    const mirror = await TestMirrorRepository.open();
    const place = new CarPlace(held);
    place.breaksAfter = 80;
    place.tamper = (_, bytes) => (place.breaksAfter > 0 ? bytes : undefined);
    const whole = new TestPlace(held);
    const broken = mirror.follow(place.id, [offering(first, place)]);
    await expect(broken).rejects.toMatchObject({ code: 'incomplete' });
    expect(mirror.repository().followed.list()).toEqual([]);

    write(1, 12);
    const second = await publish(LATER);
    const all = await newsroom.use(({ repository }) => {
      const again = new MemoryBlocks();
      return takeBlocks(again, second, repository).then(() => again.blocks.size);
    });
    const { fetched } = await mirror.follow(place.id, [offering(second, whole)], { now: LATER });
    expect(whole.blocks).toBe(fetched.blocks);
    expect(fetched.blocks).toBeLessThan(all - 40);
    expect(await mirror.failures()).toEqual([]);
    expect(readdirSync(join(mirror.dir, '.ovn', 'fetched'))).toEqual([]);
  });

  it('goes on from what came in where its time was up while that was judged', async () => {
    const edition = await publish();
    const mirror = await TestMirrorRepository.open();
    const place = new TestPlace(held);
    const controller = new AbortController();
    const late = mirror.follow(place.id, [offering(edition, place)], {
      signal: controller.signal,
      onProgress: (what) => {
        if (what === 'articles') controller.abort(new OvnError('incomplete', 'the time is up'));
      },
    });
    await expect(late).rejects.toMatchObject({ code: 'incomplete', message: 'the time is up' });
    place.forget();
    await mirror.follow(place.id, [offering(edition, place)]);
    expect(place.blocks).toBeLessThan(20); // the spine
    expect(await mirror.failures()).toEqual([]);
  });

  it('follows again what is followed: by its address it is the same, and no way back', async () => {
    const first = await publish();
    write(1, 12);
    const second = await publish(LATER);
    const mirror = await TestMirrorRepository.open();
    const place = new TestPlace(held);
    await mirror.follow(place.id, [offering(second, place)], { now: LATER });
    place.forget();
    const again = await mirror.follow(place.id, [offering(second, place)], { now: LATER });
    expect(again).toMatchObject({ outcome: 'same', publication: id, from: second, problem: null });
    rmSync(join(mirror.dir, '.ovn', 'readers'), { recursive: true });
    const back = await mirror.follow(place.id, [offering(first, place)], { now: LATER });
    expect(back).toMatchObject({ outcome: 'kept', edition: second, problem: { code: 'refused' } });
    expect(place.blocks).toBeLessThan(20);
  });

  it('keeps as many editions as were chosen', async () => {
    const editions = [await publish()];
    const mirror = await TestMirrorRepository.open();
    const place = new TestPlace(held);
    await mirror.follow(place.id, [offering(editions[0] ?? '', place)], { keep: 2 });
    for (const at of [12, 13]) {
      write(1, at);
      const edition = await publish(LATER);
      editions.push(edition);
      await mirror.sync(id, [offering(edition, place)], { now: LATER });
    }
    const kept = mirror.repository().followed.editions(id);
    expect(kept.map(({ edition }) => edition)).toEqual([editions[2], editions[1]]);
    await mirror.gc();
    expect(await mirror.failures()).toEqual([]);
  });

  it('keeps what has expired, says so, and takes it where there is nothing better', async () => {
    const first = await publish();
    const place = new TestPlace(held);
    const mirror = await TestMirrorRepository.open();
    const late = await mirror.follow(id, [offering(first, place)], { now: EXPIRED });
    expect(late).toMatchObject({ outcome: 'moved', problem: { code: 'incomplete' }, sequence: 1 });
    const again = await mirror.sync(id, [offering(first, place)], { now: EXPIRED });
    expect(again).toMatchObject({ outcome: 'kept', problem: { code: 'incomplete' } });
    expect(again.problem?.message).toContain('expired');
    expect(mirror.repository().followed.get(id)).toMatchObject({
      edition: first,
      synced: '2026-03-10T12:00:00Z',
    });
  });

  it('says of a publication that nobody has that it is followed all the same, where it has an id', async () => {
    await publish();
    const mirror = await TestMirrorRepository.open();
    const failures = [{ from: 'https://down.example', why: 'no answer' }];
    const report = await mirror.follow(id, [], { failures });
    expect(report).toMatchObject({ outcome: 'kept', edition: null, problem: { code: 'incomplete' } });
    expect(report.problem?.message).toContain('down.example: no answer');
    await expect(mirror.follow('https://down.example', [])).rejects.toMatchObject({ code: 'incomplete' });
    expect(mirror.repository().followed.list()).toMatchObject([{ publication: id, edition: null }]);
  });

  it('in a dry run looks, and changes nothing', async () => {
    const first = await publish();
    const mirror = await TestMirrorRepository.open();
    const place = new TestPlace(held);
    const report = await mirror.follow(place.id, [offering(first, place)], { dryRun: true });
    expect(report).toMatchObject({ outcome: 'moved', sequence: 1 });
    expect(mirror.repository().followed.list()).toEqual([]);
    expect(mirror.repository().blockstore.stats().blocks).toBe(0);
    expect(readdirSync(join(mirror.dir, '.ovn'))).not.toContain('evidence');
    expect(place.blocks).toBeLessThan(held.blocks.size / 2);
  });

  it('takes nothing of what is let go of meanwhile', async () => {
    const first = await publish();
    const mirror = await TestMirrorRepository.open();
    const place = new TestPlace(held);
    await mirror.follow(place.id, [offering(first, place)]);
    write(1, 12);
    const second = await publish(LATER);
    const other = mirror.repository();
    place.tamper = (cid, bytes) => {
      if (cid.toString() === second) other.followed.remove(id);
      return bytes;
    };
    const report = await mirror.sync(id, [offering(second, place)], { now: LATER });
    expect(report).toMatchObject({ outcome: 'kept', edition: null, problem: { code: 'not-found' } });
    expect(other.followed.list()).toEqual([]);
  });

  it('goes neither back nor aside where what was remembered is lost', async () => {
    const first = await publish();
    const mirror = await TestMirrorRepository.open();
    const place = new TestPlace(held);
    await mirror.follow(place.id, [offering(first, place)]);
    rmSync(join(mirror.dir, '.ovn', 'readers'), { recursive: true });
    write(1, 12);
    const second = await publish(LATER);
    const root = CID.parse(second);
    expect(await mirror.sync(id, [offering(root, place)], { now: LATER })).toMatchObject({
      outcome: 'moved',
    });
    // An older edition is told apart by what is held, though nothing is remembered.
    rmSync(join(mirror.dir, '.ovn', 'readers'), { recursive: true });
    const back = await mirror.sync(id, [offering(first, place)], { now: LATER });
    expect(back).toMatchObject({ outcome: 'kept', edition: second, problem: { code: 'refused' } });
  });
});
