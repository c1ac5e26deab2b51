import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { expect, it } from 'vitest';
import { stayConnected } from '../../../src/node/network/stay-connected.ts';

it('dials other peers once they take the place of those before, and nobody when it has ended', () => {
  const dialled: string[] = [];
  const libp2p = {
    dial: async (peer: unknown) => {
      dialled.push(String(peer));
      throw new Error('nobody is there');
    },
  } as unknown as Parameters<typeof stayConnected>[0];
  const [first, second] = ['/ip4/127.0.0.1/tcp/1', '/ip4/127.0.0.1/tcp/2'].map((text) => multiaddr(text));
  const ending = new AbortController();
  const meet = stayConnected(libp2p, [first as Multiaddr], ending.signal);
  meet([second as Multiaddr]);
  expect(dialled).toEqual([`${first}`, `${second}`]);
  ending.abort();
  meet([first as Multiaddr]);
  expect(dialled).toHaveLength(2);
});
