import { describe, expect, it } from 'vitest';
import { articlePath, manifestPath, periodsOf, revisionPath } from '../../src/edition/layout.ts';

describe('the layout of an edition', () => {
  it('is a tree of dates', () => {
    const id = '2025/07/07/first-light';
    expect(articlePath(id)).toEqual(['2025', '07', '07', 'first-light']);
    expect(revisionPath(id, 2)).toEqual(['2025', '07', '07', 'first-light', '2']);
    expect(periodsOf(id)).toEqual(['', '2025', '2025/07', '2025/07/07']);
  });

  it.each([
    [1, '0/0/1.json'],
    [99, '0/0/99.json'],
    [100, '0/1/100.json'],
    [12_345, '1/123/12345.json'],
  ])('keeps manifest %i at %s', (sequence, path) => {
    expect(manifestPath(sequence).join('/')).toBe(path);
  });

  it('keeps no more than a hundred manifests in a directory', () => {
    const children = new Map<string, Set<string>>();
    for (let sequence = 1; sequence < 50_000; sequence++) {
      const path = manifestPath(sequence);
      for (let depth = 0; depth < path.length; depth++) {
        const parent = path.slice(0, depth).join('/');
        children.set(parent, (children.get(parent) ?? new Set()).add(path[depth] ?? ''));
      }
    }
    for (const names of children.values()) expect(names.size).toBeLessThanOrEqual(100);
  });
});
