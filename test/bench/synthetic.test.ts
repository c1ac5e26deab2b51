import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { syntheticArticle } from '../../bench/synthetic.ts';

const archive = Array.from({ length: 2000 }, (_, index) => syntheticArticle(index));

describe('synthetic articles', () => {
  it('are the same bytes everywhere, so that figures of two machines are about the same work', () => {
    const digest = createHash('sha256');
    for (const { name, text } of archive) digest.update(`${name}\n${text}`);
    expect(digest.digest('hex')).toBe('582b192770b94f970e35daef04cff8fbf782119f9cf1d833adf83f2730b2bcb1');
  });

  it('have about 500 words each', () => {
    const words = archive.map(({ text }) => text.slice(text.indexOf('\n---\n')).split(/\s+/).length);
    const mean = words.reduce((sum, count) => sum + count, 0) / words.length;
    expect(mean).toBeGreaterThan(450);
    expect(mean).toBeLessThan(600);
  });

  it('have file names of their own, over about a thousand days', () => {
    const names = archive.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(names.map((name) => name.slice(0, 10))).size).toBeGreaterThan(800);
  });
});
