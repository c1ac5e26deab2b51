import { describe, expect, it, onTestFinished } from 'vitest';
import {
  keepSynced,
  type SYNC_TIMES,
  type SyncKeeperEffects,
} from '../../../src/workflows/mirroring/keep-synced.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-01-10T12:00:00Z');

/** Lets everything that waits for nothing have its turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

interface Started {
  publication: string;
  at: number;
  signal: AbortSignal;
  end(problem?: string | Error): Promise<void>;
}

/** A keeper whose clock stands still, with looks that end when a test says so. */
function start(publications: Record<string, string | null>, times: Partial<typeof SYNC_TIMES> = {}) {
  const ending = new AbortController();
  const { signal } = ending;
  onTestFinished(() => ending.abort());
  const time = { now: START };
  const begun: Started[] = [];
  const told: string[] = [];
  const faults: Error[] = [];
  const sync: SyncKeeperEffects['sync'] = (publication, options) =>
    new Promise((resolve, reject) => {
      const end = async (problem?: string | Error): Promise<void> => {
        publications[publication] = new Date(time.now).toISOString();
        if (problem instanceof Error) reject(problem);
        else resolve({ problem: problem === undefined ? null : { message: problem } });
        await turn();
      };
      begun.push({ publication, at: (time.now - START) / MINUTE, signal: options.signal, end });
      options.signal.addEventListener('abort', () => reject(options.signal.reason), { once: true });
    });
  const syncing = keepSynced(
    {
      followed: () => {
        for (const fault of faults) throw fault;
        return Object.entries(publications).map(([publication, checked]) => ({ publication, checked }));
      },
      sync,
      troubles: {
        report: (part, error) => told.push(`${part}: ${error instanceof Error ? error.message : error}`),
        settle: (part) => told.push(`${part} is well`),
      },
      signal,
      now: () => time.now,
      random: () => 0.5,
    },
    times,
  );
  const advance = async (minutes: number): Promise<string[]> => {
    time.now = START + minutes * MINUTE;
    const before = begun.length;
    syncing.look();
    await turn();
    return begun.slice(before).map(({ publication }) => publication);
  };
  return { syncing, begun, told, publications, faults, ending, advance };
}

describe('what is followed', () => {
  it('is looked for from time to time, by us or by somebody else', async () => {
    const now = new Date(START).toISOString();
    const { begun, publications, advance } = start({ a: null, b: now });
    expect(begun.map(({ publication }) => publication)).toEqual(['a']);
    await begun[0]?.end();
    expect(await advance(14.9)).toEqual([]);
    publications['b'] = new Date(START + 10 * MINUTE).toISOString(); // another process has
    publications['c'] = null;
    expect(await advance(15)).toEqual(['a', 'c']);
    for (const look of begun.slice(1)) await look.end();
    expect(await advance(24.9)).toEqual([]);
    expect(await advance(25)).toEqual(['b']);
    await begun[3]?.end();
    delete publications['a'];
    expect(await advance(30)).toEqual(['c']);
  });

  it('is looked for less and less often while that fails, which is told of and counted', async () => {
    const { begun, told, syncing, advance } = start({ a: null });
    for (const minutes of [1, 3, 7, 15, 31, 63, 123, 183]) {
      await begun.at(-1)?.end(minutes === 3 ? new Error('stalls') : 'is away');
      expect(await advance(minutes - 0.1)).toEqual([]);
      expect(await advance(minutes)).toEqual(['a']);
    }
    expect(syncing.failures('a')).toBe(8);
    expect(told.slice(0, 3)).toEqual(['sync a: is away', 'sync a: stalls', 'sync a: is away']);
    await begun.at(-1)?.end();
    expect(told.at(-1)).toBe('sync a is well');
    expect(await advance(197.9)).toEqual([]);
    expect(await advance(198)).toEqual(['a']);
  });

  it('is looked for when told, once a minute, whatever was to be waited for; nothing that is told is lost', async () => {
    const { begun, syncing, advance } = start({ a: null });
    expect(syncing.tell('nobody')).toBeUndefined();
    expect(syncing.tell('a')).toBe(true); // it does already
    await begun[0]?.end('is away');
    expect(syncing.tell('a')).toBe(false);
    expect(await advance(0.9)).toEqual([]);
    expect(await advance(1)).toEqual(['a']);
    await begun[1]?.end('is away');
    expect(await advance(1.9)).toEqual([]);
    expect(syncing.tell('a')).toBe(false);
    expect(await advance(2)).toEqual(['a']);
    await begun[2]?.end();
    await advance(9);
    expect(syncing.tell('a')).toBe(true);
    await turn();
    expect(begun.map(({ at }) => at)).toEqual([0, 1, 2, 9]);
  });

  it('is looked for after a pause where it cannot be read what is followed, or a clock was wrong', async () => {
    const { begun, told, publications, faults, ending, syncing, advance } = start({ a: null });
    faults.push(new Error('the disk fails'));
    await begun[0]?.end('is away');
    expect(told).toContain('sync a: is away');
    faults.length = 0;
    expect(await advance(14.9)).toEqual([]);
    expect(await advance(15)).toEqual(['a']);
    await begun[1]?.end();
    publications['b'] = '2036-01-10T12:00:00Z';
    expect(await advance(16)).toEqual([]);
    expect(await advance(31)).toEqual(['a', 'b']);
    ending.abort();
    await syncing.ended;
  });

  it('is never looked for twice at once, and by few at a time', async () => {
    const { begun, syncing, advance } = start({ a: null, b: null, c: null });
    expect(begun.map(({ publication }) => publication)).toEqual(['a', 'b']);
    syncing.tell('a');
    expect(await advance(100)).toEqual([]);
    await begun[1]?.end();
    expect(begun.map(({ publication }) => publication)).toEqual(['a', 'b', 'c']);
    await begun[2]?.end();
    await begun[0]?.end();
    await turn();
    expect(begun.map(({ publication }) => publication)).toEqual(['a', 'b', 'c', 'a']);
  });

  it('is left alone after the signal, which ends what is under way and is no failure', async () => {
    const { begun, told, ending, syncing } = start({ a: null });
    ending.abort();
    await syncing.ended;
    expect(begun[0]?.signal.aborted).toBe(true);
    expect(told).toEqual([]);
    expect(begun).toHaveLength(1);
  });
});

it('comes at times that differ', async () => {
  const pauses = new Set<number>();
  for (const random of [0, 0.3, 1]) {
    const ending = new AbortController();
    onTestFinished(() => ending.abort());
    const time = { now: START };
    let looks = 0;
    const syncing = keepSynced({
      followed: () => [{ publication: 'a', checked: new Date(START).toISOString() }],
      sync: async () => {
        looks++;
        return { problem: null };
      },
      troubles: { report: () => undefined, settle: () => undefined },
      signal: ending.signal,
      now: () => time.now,
      random: () => random,
    });
    for (; looks === 0; time.now += MINUTE / 4) {
      syncing.look();
      await turn();
    }
    pauses.add((time.now - START) / MINUTE);
  }
  expect([...pauses].filter((pause) => Math.abs(pause - 15) <= 2)).toHaveLength(3);
});
