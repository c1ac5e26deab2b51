import { setTimeout } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { Patience } from '../../../src/workflows/following/patience.ts';
import { offering, TestMirrorRepository, TestPlace, takeBlocks } from '../../helpers/following.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { Newsroom, source } from '../../helpers/newsroom.ts';

let id: string;
let edition: string;
let held: MemoryBlocks;
let mirror: TestMirrorRepository;

beforeEach(async () => {
  held = new MemoryBlocks();
  const newsroom = await Newsroom.open();
  for (const title of ['One', 'Two', 'Three']) newsroom.write(`articles/${title}.md`, source({ title }));
  const published = await newsroom.publish();
  id = published.publication;
  edition = published.edition ?? '';
  await newsroom.use(({ repository }) => takeBlocks(held, edition, repository));
  mirror = await TestMirrorRepository.open();
});

/** One who gives a block at a time, each after so many ms; so many of them, and then says nothing any more. */
function dripping(ms: number, count = Number.POSITIVE_INFINITY): TestPlace {
  const place = new TestPlace(held, 'https://slow.example');
  let turn = Promise.resolve();
  place.tamper = (_, bytes) => {
    turn = turn.then(() => (place.blocks < count ? setTimeout(ms) : new Promise<void>(() => undefined)));
    return turn.then(() => bytes);
  };
  return place;
}

describe('a sync that waits for others', () => {
  it('ends where nothing new comes, tells of whom, and goes on from what came the next time', async () => {
    const silent = dripping(0, 40);
    const begun = performance.now();
    const report = await mirror.follow(id, [offering(edition, silent)], { times: { stall: 200 } });
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(report).toMatchObject({ outcome: 'kept', edition: null, problem: { code: 'incomplete' } });
    expect(report.problem?.message).toMatch(/nothing new came in 0\.2 s; https:\/\/slow\.example/);
    expect(mirror.repository().followed.get(id)?.problem).toMatchObject({ code: 'incomplete' });
    const place = new TestPlace(held);
    const finished = await mirror.sync(id, [offering(edition, place)]);
    expect(finished).toMatchObject({ outcome: 'moved', problem: null });
    expect(place.blocks).toBeLessThan(held.blocks.size - 10);
    expect(await mirror.failures()).toEqual([]);
  });

  it('is not held up for ever by one who gives a block now and then, nor ended while it need not be', async () => {
    const late = await mirror.follow(id, [offering(edition, dripping(20))], {
      times: { stall: 5000, total: 300 },
    });
    expect(late.problem?.message).toMatch(/the time is up: 0\.3 s; https:\/\/slow\.example/);
    const times = { stall: 1000, total: 60_000 };
    const begun = performance.now();
    const slow = await mirror.sync(id, [offering(edition, dripping(40))], { times });
    expect(slow).toMatchObject({ outcome: 'moved', problem: null });
    expect(performance.now() - begun).toBeGreaterThan(times.stall);
  });

  it('ends also while the newest is looked for', async () => {
    const others = new TestPlace(held);
    await mirror.follow(id, [offering(edition, others)]);
    const report = await mirror.sync(id, [], {
      times: { total: 50 },
      find: async (_, { signal }) => {
        await setTimeout(60_000, undefined, { signal }).catch(() => signal.throwIfAborted());
        return { offers: [], failures: [], name: undefined };
      },
    });
    expect(report).toMatchObject({ outcome: 'kept', edition, problem: { code: 'incomplete' } });
    expect(report.problem?.message).toContain('the time is up');
  });

  it('is ended by its signal, which is no problem of others', async () => {
    const ending = new AbortController();
    const silent = dripping(0, 3);
    const following = mirror.follow(id, [offering(edition, silent)], { signal: ending.signal });
    globalThis.setTimeout(() => ending.abort(new Error('enough')), 50);
    await expect(following).rejects.toThrow('enough');
    expect(mirror.repository().followed.list()).toEqual([]);
  });
});

it('what is done here does not count as waiting for others', async () => {
  using patience = new Patience({ stall: 400, total: 60_000 });
  for (let at = 0; at < 4; at++) {
    await patience.during(setTimeout(1));
    await setTimeout(150);
  }
  expect(patience.over.aborted).toBe(false);
  await patience.during(setTimeout(450));
  expect(patience.over.reason).toMatchObject({ code: 'incomplete', message: 'nothing new came in 0.4 s' });
});
