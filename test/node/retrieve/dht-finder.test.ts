import { describe, expect, it } from 'vitest';
import type { PeerSource } from '../../../src/node/network/fetch-node.ts';
import { findInDht } from '../../../src/node/retrieve/dht-finder.ts';
import { rawBlock } from '../../helpers/blocks.ts';

const { cid } = rawBlock('wanted');
const { signal } = new AbortController();
const source = (id: number): PeerSource => ({ id: `${id}`, window: 1, block: async () => undefined });

describe('findInDht', () => {
  it('takes so many, and asks no further', async () => {
    let asked = 0;
    async function* findProviders(): AsyncGenerator<PeerSource> {
      for (;;) yield source(asked++);
    }
    expect(await findInDht(cid, { findProviders }, signal)).toHaveLength(8);
    expect(asked).toBe(8);
  });

  it('keeps whom it found when the asking fails after that, and throws where it found nobody', async () => {
    const failing = (count: number) => ({
      async *findProviders(): AsyncGenerator<PeerSource> {
        for (let id = 0; id < count; id++) yield source(id);
        throw new Error('broken');
      },
    });
    expect(await findInDht(cid, failing(2), signal)).toHaveLength(2);
    await expect(findInDht(cid, failing(0), signal)).rejects.toThrow('broken');
  });
});
