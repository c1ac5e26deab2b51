import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inOrder, isBefore, isCut, Room, shareOf } from '../../../src/workflows/holding/choose.ts';
import { EVERYTHING } from './support.ts';

/** A bundle: blocks that it alone has, and one of those that all share; its directory states all of them. */
interface Bundle {
  own: number;
  shared: number;
}

const SHARED = [700, 80, 4000];

/** Takes as holding does; the numbers of those that are held. */
async function take(bundles: readonly Bundle[], max: number): Promise<{ room: Room; held: number[] }> {
  const room = new Room(max);
  const held: number[] = [];
  for (const [at, { own, shared }] of bundles.entries()) {
    const stated = own + (SHARED[shared] ?? 0);
    if (!room.fits(stated)) continue;
    const bytes = await room.attempt(async () => {
      return room.count(`own ${at}`, own) && room.count(`shared ${shared}`, SHARED[shared] ?? 0);
    });
    if (bytes !== undefined) held.push(at);
  }
  return { room, held };
}

describe('the room of an edition', () => {
  const bundles = fc.array(
    fc.record({ own: fc.integer({ min: 1, max: 20_000 }), shared: fc.integer({ min: 0, max: 2 }) }),
    { maxLength: 60 },
  );

  it('is never exceeded, counts shared blocks once, and ends only when it is nearly full', async () => {
    await fc.assert(
      fc.asyncProperty(bundles, fc.integer({ min: 0, max: 300_000 }), async (all, max) => {
        const { room, held } = await take(all, max);
        const shared = new Set(held.map((at) => all[at]?.shared));
        const own = held.reduce((sum, at) => sum + (all[at]?.own ?? 0), 0);
        const expected = [...shared].reduce<number>((sum, at) => sum + (SHARED[at ?? 0] ?? 0), own);
        expect(room.bytes).toBe(expected);
        expect(room.bytes).toBeLessThanOrEqual(max);
        const left = all.filter((_, at) => !held.includes(at));
        // What is left out was larger than the room, or came when less than a sixteenth of it was free.
        const smallest = Math.min(...left.map(({ own: each, shared: at }) => each + (SHARED[at] ?? 0)));
        expect(left.length === 0 || room.isOver || smallest > max - room.bytes).toBe(true);
        if (room.isOver) expect(max - room.bytes).toBeLessThan(max / 16);
      }),
    );
  });

  it('takes everything older that fits, past one that does not', async () => {
    const { held } = await take(
      [
        { own: 9000, shared: 0 },
        { own: 90_000, shared: 0 },
        { own: 50, shared: 0 },
      ],
      30_000,
    );
    expect(held).toEqual([0, 2]);
  });

  it('looks at nothing any more once it is nearly full', async () => {
    const { held, room } = await take(
      [
        { own: 95_000, shared: 1 },
        { own: 6000, shared: 1 },
        { own: 1, shared: 1 },
      ],
      100_000,
    );
    expect(room.isOver).toBe(true);
    expect(held).toEqual([0]);
  });

  it('counts nothing of what turns out not to fit', async () => {
    const room = new Room(100);
    expect(await room.attempt(async () => room.count('a', 60) && room.count('b', 50))).toBeUndefined();
    expect([room.bytes, room.has('a')]).toEqual([0, false]);
    await expect(
      room.attempt(async () => {
        room.count('a', 60);
        throw new Error('broken off');
      }),
    ).rejects.toThrow('broken off');
    expect(room.bytes).toBe(0);
    expect(await room.attempt(async () => room.count('a', 60) && room.count('a', 60))).toBe(60);
  });

  it('is divided by the editions that are kept, so that all of them stay below it', () => {
    expect(shareOf({ ...EVERYTHING, maxBytes: 1000, keep: 3 })).toBe(333);
    expect(shareOf(EVERYTHING)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('the order of a tree of dates', () => {
  it('goes from the newest day, within it by name, and from the latest revision', () => {
    expect(inOrder(['2023', '2025', '2024', '2025'], 0)).toEqual(['2025', '2024', '2023']);
    expect(inOrder(['02', '31', '10'], 2)).toEqual(['31', '10', '02']);
    expect(inOrder(['b', 'a'], 3)).toEqual(['a', 'b']);
    expect(inOrder(['9', '10', '1'], 4)).toEqual(['10', '9', '1']);
  });

  it('knows what is older than a day, whatever the depth', () => {
    const since = '2024-05-10';
    expect(isBefore(['2023'], since)).toBe(true);
    expect(isBefore(['2024'], since)).toBe(false);
    expect(isBefore(['2024', '04'], since)).toBe(true);
    expect(isBefore(['2024', '05', '09', 'slug'], since)).toBe(true);
    expect(isBefore(['2024', '05', '10', 'slug'], since)).toBe(false);
    expect(isBefore(['2023'], undefined)).toBe(false);
    expect(
      [['2024'], ['2024', '05'], ['2025'], ['2024', '05', '10']].map((path) => isCut(path, since)),
    ).toEqual([true, true, false, false]);
  });
});
