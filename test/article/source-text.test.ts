import { describe, expect, it } from 'vitest';
import { normaliseSource, SOURCE_LIMIT, splitSource } from '../../src/article/source-text.ts';
import { OvnError } from '../../src/errors.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function thrown(run: () => unknown): OvnError {
  try {
    run();
  } catch (error) {
    if (error instanceof OvnError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('normaliseSource', () => {
  it('drops one byte order mark and makes every line end LF, and touches nothing else', () => {
    expect(normaliseSource(bytes('\ufeffa\r\nb\rc\n\r\n'))).toBe('a\nb\nc\n\n');
    expect(normaliseSource(bytes('\ufeff\ufeffa \t\u00e9e\u0301\u0000\n'))).toBe(
      '\ufeffa \t\u00e9e\u0301\u0000\n',
    );
  });

  it('reads a view into a larger buffer', () => {
    expect(normaliseSource(bytes('xxabcxx').subarray(2, 5))).toBe('abc');
  });

  it('refuses what is not UTF-8 and names the line', () => {
    const error = thrown(() => normaliseSource(Uint8Array.of(0x61, 0x0a, 0x62, 0xe9, 0x0a), 'a.md'));
    expect(error.code).toBe('source');
    expect(error.findings).toMatchObject([{ severity: 'error', file: 'a.md', line: 2 }]);
    expect(thrown(() => normaliseSource(Uint8Array.of(0xed, 0xa0, 0x80), 'a.md')).message).toContain(
      'a.md:1',
    );
    expect(thrown(() => normaliseSource(Uint8Array.of(0xc3), 'a.md')).message).toContain('a.md:1');
  });

  it('takes 1 MiB and no byte more', () => {
    expect(normaliseSource(new Uint8Array(SOURCE_LIMIT).fill(0x61))).toHaveLength(SOURCE_LIMIT);
    expect(thrown(() => normaliseSource(new Uint8Array(SOURCE_LIMIT + 1))).code).toBe('limit');
  });
});

describe('splitSource', () => {
  it.each([
    ['---\na: 1\n---\nbody\n', 'a: 1\n', 'body\n', 4],
    ['--- \na: 1\n...\nbody', 'a: 1\n', 'body', 4],
    ['---\n---\n', '', '', 3],
    ['---\n---', '', '', 3],
    ['---\na: 1\n---\t\n\n---\nbody', 'a: 1\n', '\n---\nbody', 4],
  ])('cuts %j', (text, yaml, body, bodyLine) => {
    expect(splitSource(text)).toEqual({ yaml, body, bodyLine });
  });

  it.each(['', 'text', '\n---\na: 1\n---\n', '---\na: 1\n', '----\na: 1\n---\n', '---a\n---\n'])(
    'finds no front matter in %j',
    (text) => {
      expect(splitSource(text)).toBeUndefined();
    },
  );
});
