import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EMPTY_TREE_ROOT, emptyLog } from '../../src/log/empty-tree.ts';
import { originOf } from '../../src/log/origin.ts';

describe('a log without entries', () => {
  it('has the hash of nothing as its root', () => {
    expect(EMPTY_TREE_ROOT).toBe(createHash('sha256').digest('base64'));
    expect(emptyLog('ovn.log/x')).toEqual({ origin: 'ovn.log/x', size: 0, root: EMPTY_TREE_ROOT });
  });
});

describe('the origin made from a key', () => {
  it('is 16 hex digits of its SHA-256', () => {
    const key = new Uint8Array(32).fill(7);
    expect(originOf(key)).toBe(`ovn.log/${createHash('sha256').update(key).digest('hex').slice(0, 16)}`);
  });
});
