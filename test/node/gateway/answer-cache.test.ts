import { describe, expect, it } from 'vitest';
import { AnswerCache, type MadeAnswer } from '../../../src/node/gateway/answer-cache.ts';
import { rawBlock } from '../../helpers/blocks.ts';

const answer = (length: number, blocks: MadeAnswer['blocks'] = []): MadeAnswer => ({
  response: { status: 200, headers: {}, body: new Uint8Array(length) },
  blocks,
  paths: [],
});

describe('AnswerCache', () => {
  it('is bounded in bytes, and lets go of what was unused for longest', () => {
    const cache = new AnswerCache({ most: 30_000, largest: 10_000 });
    for (const key of ['a', 'b', 'c']) cache.put(key, undefined, answer(5000));
    expect(cache.get('a', undefined)).toBeDefined();
    cache.put('d', undefined, answer(5000));
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key, undefined) !== undefined)).toEqual([
      'a',
      'c',
      'd',
    ]);
  });

  it('counts the CIDs of an answer too', () => {
    const cache = new AnswerCache({ most: 30_000, largest: 10_000 });
    const { cid } = rawBlock('one of many');
    const blocks = Array.from({ length: 32 }, () => cid);
    for (const key of ['a', 'b']) cache.put(key, undefined, answer(1, blocks));
    expect(['a', 'b'].filter((key) => cache.get(key, undefined) !== undefined)).toEqual(['b']);
  });

  it('counts what is put twice once, and nothing that is too large', () => {
    const cache = new AnswerCache({ most: 30_000, largest: 10_000 });
    for (let i = 0; i < 10; i++) cache.put('a', undefined, answer(5000));
    cache.put('b', undefined, answer(5000));
    cache.put('huge', undefined, answer(10_001));
    expect(['a', 'b', 'huge'].map((key) => cache.get(key, undefined) !== undefined)).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('forgets everything with another head, and takes nothing that was made under an earlier one', () => {
    const cache = new AnswerCache({ most: 30_000, largest: 10_000 });
    cache.get('a', 'first');
    cache.put('a', 'first', answer(1));
    expect(cache.get('a', 'second')).toBeUndefined();
    cache.put('a', 'first', answer(1));
    expect(cache.get('a', 'second')).toBeUndefined();
    expect(cache.get('a', 'first')).toBeUndefined();
  });
});
