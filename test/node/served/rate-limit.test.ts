import { describe, expect, it } from 'vitest';
import { RateLimit } from '../../../src/node/served/rate-limit.ts';

const { signal } = new AbortController();

describe('RateLimit', () => {
  it('lets no more pass than it says, in the order in which it was asked', async () => {
    const limit = new RateLimit(1_000_000);
    const begun = performance.now();
    const passed: number[] = [];
    const take = async (number: number): Promise<void> => {
      await limit.take(50_000, { signal });
      passed.push(number);
    };
    await Promise.all(Array.from({ length: 12 }, (_, number) => take(number)));
    const seconds = (performance.now() - begun) / 1000;
    expect(passed).toEqual(Array.from({ length: 12 }, (_, number) => number));
    // A quarter of a second is saved up at first, and the last is paid for afterwards.
    expect(seconds).toBeGreaterThan((600_000 - 250_000 - 50_000) / 1_000_000 - 0.01);
    expect(seconds).toBeLessThan(2);
  });

  it('lets pass at once what is saved up, and no more than that of a long pause', async () => {
    const limit = new RateLimit(1_000_000);
    expect(limit.take(2_000_000, { signal })).toBeUndefined();
    const next = limit.take(1, { signal: AbortSignal.timeout(20) });
    await expect(next).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(limit.waiting).toBe(0);
  });

  it('counts nothing for who goes away before its turn', async () => {
    const limit = new RateLimit(1_000_000);
    limit.take(300_000, { signal });
    const ending = new AbortController();
    const gone = Array.from({ length: 100 }, () => limit.take(1_000_000, ending)?.catch(() => 'gone'));
    const begun = performance.now();
    const next = limit.take(1, { signal });
    ending.abort();
    expect(await Promise.all(gone)).toEqual(gone.map(() => 'gone'));
    await next;
    expect(performance.now() - begun).toBeLessThan(1000);
  });
});
