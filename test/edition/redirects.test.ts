import { describe, expect, it } from 'vitest';
import { SLUG_LIMIT } from '../../src/article/slug.ts';
import { MOST_FORMER_SLUGS, writeRedirects } from '../../src/edition/redirects.ts';

describe('writeRedirects', () => {
  it('leads from the former slug to the present one, and not to a category that is not there', () => {
    const moved = [
      { from: 'traffic', to: 'transport' },
      { from: 'old', to: 'gone' },
      { from: 'roads', to: 'transport' },
    ];
    expect(writeRedirects(moved, new Set(['transport', 'old']))).toBe(
      '/categories/roads.html /categories/transport.html 301\n' +
        '/categories/roads/* /categories/transport/:splat 301\n' +
        '/categories/traffic.html /categories/transport.html 301\n' +
        '/categories/traffic/* /categories/transport/:splat 301\n' +
        '/* /404.html 404\n',
    );
  });

  it('stays below 64 KiB, however long the slugs are, as the specification of _redirects has it', () => {
    const to = 'z'.repeat(SLUG_LIMIT);
    const moved = Array.from({ length: MOST_FORMER_SLUGS }, (_, at) => ({
      from: String(at).padStart(SLUG_LIMIT, 'a'),
      to,
    }));
    const text = writeRedirects(moved, new Set([to]));
    expect(text.split('\n')).toHaveLength(2 * MOST_FORMER_SLUGS + 2);
    expect(text.length).toBeLessThan(64 * 1024);
  });
});
