import { describe, expect, it } from 'vitest';
import { requireNotBehind, type SeenHead } from '../../src/log/require-not-behind.ts';

const root = (size: number): Uint8Array => new Uint8Array(32).fill(size);
const seen = (size: number, other = size): SeenHead => ({
  size,
  root: root(other),
  source: `mirror ${size}`,
});

function judge(size: number, heads: readonly SeenHead[]): Promise<void> {
  return requireNotBehind({ size, root: root(size) }, async (at) => root(at), heads);
}

describe('requireNotBehind', () => {
  it('lets a log grow that nobody saw more of', async () => {
    await judge(0, []);
    await judge(5, [seen(5), seen(3), seen(0)]);
  });

  it('stops one of which more was seen, and names the most', async () => {
    await expect(judge(5, [seen(6), seen(9), seen(4)])).rejects.toMatchObject({
      code: 'damaged',
      message: 'the log has 5 entries here, and had 9 in mirror 9: this repository is not the newest',
      hint: expect.stringContaining('ovn log recover'),
    });
    await expect(judge(0, [seen(1)])).rejects.toMatchObject({ code: 'damaged' });
  });

  it.each([5, 4, 1])('stops one that was another at size %i', async (size) => {
    await expect(judge(5, [seen(size, 77)])).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining('two histories'),
    });
  });
});
