import { expect, it } from 'vitest';
import type { BitswapPeer } from '../../../src/node/network/bitswap-peer.ts';
import { exchangeBroker } from '../../../src/node/network/exchange-broker.ts';
import { rawBlock } from '../../helpers/blocks.ts';

it('takes a want back from everybody else once one peer has given the block', async () => {
  const { cid, bytes } = rawBlock('given');
  const signals: AbortSignal[] = [];
  const fast = { block: async () => bytes };
  const slow = {
    block: (_: unknown, { signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      return new Promise(() => undefined);
    },
  };
  const broker = exchangeBroker({ connected: () => [slow, fast, slow] as unknown as BitswapPeer[] });
  expect(await broker.retrieve?.(cid, { signal: new AbortController().signal })).toBe(bytes);
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
});
