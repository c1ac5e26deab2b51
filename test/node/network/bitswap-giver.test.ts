import type { Stream } from '@libp2p/interface';
import { MemoryBlockstore } from 'blockstore-core/memory';
import { describe, expect, it, vi } from 'vitest';
import { BitswapGiver } from '../../../src/node/network/bitswap-giver.ts';
import type { Block } from '../../../src/unixfs/block.ts';
import { rawBlock } from '../../helpers/blocks.ts';
import { put } from './two-nodes.ts';

const asking = ({ cid }: Block) => ({
  asked: [{ cid, cancel: false, presence: false, tellAbsence: true }],
  full: false,
  blocks: [],
  absent: [],
});

describe('BitswapGiver', () => {
  it('gives what is asked for while the last stream is being closed', async () => {
    const [first, second] = [rawBlock('first'), rawBlock('second')];
    const blockstore = new MemoryBlockstore();
    await put(blockstore, [first, second]);
    const closing = Promise.withResolvers<void>();
    const close = vi.fn(() => closing.promise);
    const stream = { send: () => true, close } as unknown as Stream;
    const sent = { blocks: 0, bytes: 0 };
    const giver = new BitswapGiver(blockstore, async () => stream, sent);
    giver.receive(asking(first));
    await vi.waitFor(() => expect(close).toHaveBeenCalledOnce());
    giver.receive(asking(second));
    closing.resolve();
    await vi.waitFor(() => expect(sent.blocks).toBe(2));
  });
});
