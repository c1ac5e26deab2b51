import { Socket as DatagramSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import type { HeliaWithLibp2p } from '@helia/libp2p';
import { peerIdFromString } from '@libp2p/peer-id';
import { multiaddr } from '@multiformats/multiaddr';
import { expect, it, vi } from 'vitest';
import type { NetworkServices } from '../../../src/node/network/libp2p-options.ts';
import { startNode } from './two-nodes.ts';

const STRANGER = peerIdFromString('12D3KooWNeNAWJ38pGBhm8sF8C7T7yehMAZmLFYpxR3TEFVF3GnS');
const OUTSIDE = ['/ip4/192.0.2.1/tcp/4001', '/dns4/peer.invalid/tcp/4001', '/dnsaddr/peers.invalid'];
const WAIT = { signal: AbortSignal.timeout(20_000) };

it('contacts nobody outside, whatever addresses others name', async () => {
  const dialled: unknown[] = [];
  const connect = Socket.prototype.connect;
  vi.spyOn(Socket.prototype, 'connect').mockImplementation(function (this: Socket, ...args: unknown[]) {
    dialled.push(...(Array.isArray(args[0]) ? args[0] : args).slice(0, 1));
    return Reflect.apply(connect, this, args);
  } as typeof connect);
  const sent = vi.spyOn(DatagramSocket.prototype, 'send');
  const bound = vi.spyOn(DatagramSocket.prototype, 'bind');
  const asked = vi.spyOn(Resolver.prototype, 'resolveTxt');
  const [one, two] = [await startNode({ dht: true }), await startNode({ dht: true })];
  const { libp2p } = one.node.helia as HeliaWithLibp2p<NetworkServices>;
  await libp2p.peerStore.merge(STRANGER, { multiaddrs: OUTSIDE.map((text) => multiaddr(text)) });
  await expect(libp2p.dial(STRANGER, WAIT)).rejects.toThrow();
  await two.node.dial(one.node.multiaddrs()[0]!, WAIT);
  // The first query of a DHT comes a second after the start.
  await setTimeout(1500);
  await one.node.stop();
  await two.node.stop();
  expect(dialled.length).toBeGreaterThan(0);
  for (const target of dialled) expect(target).toMatchObject({ host: '127.0.0.1' });
  expect(sent).not.toHaveBeenCalled();
  expect(bound).not.toHaveBeenCalled();
  expect(asked).not.toHaveBeenCalled();
});
