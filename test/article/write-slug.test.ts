import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { writeSlug } from '../../src/article/write-slug.ts';

describe('writeSlug', () => {
  it.each(['\n', '\r\n', '\r'])('writes one line with the ends of lines that are there (%j)', (end) => {
    const text = ['\ufeff---', 'title: Привет', '---', 'Body'].join(end);
    expect(writeSlug(text, 'privet')).toBe(
      ['\ufeff---', 'slug: privet', 'title: Привет', '---', 'Body'].join(end),
    );
  });

  it('has nothing to write into without a front matter', () => {
    expect(writeSlug('# Title\n---\n', 'title')).toBeUndefined();
  });

  it('leaves every other byte as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (rest) => {
        const written = writeSlug(`---\n${rest}`, 'a-slug');
        expect(written?.replace('slug: a-slug\n', '')).toBe(`---\n${rest}`);
      }),
    );
  });
});
