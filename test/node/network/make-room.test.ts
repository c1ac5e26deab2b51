import type { HeliaWithLibp2p } from '@helia/libp2p';
import { expect, it, vi } from 'vitest';
import type { NetworkServices } from '../../../src/node/network/libp2p-options.ts';
import { makeRoom } from '../../../src/node/network/make-room.ts';
import { RawPeer } from './raw-peer.ts';
import { startNode } from './two-nodes.ts';

it('hangs up on the oldest of who does nothing, and on nobody who does something', async () => {
  const host = await startNode();
  const { libp2p } = host.node.helia as HeliaWithLibp2p<NetworkServices>;
  makeRoom(libp2p, 3);
  const busy = await RawPeer.connect(host);
  const old = await RawPeer.connect(host);
  await streamsOf(libp2p, 0);
  // A stream that stays open.
  await busy.open();
  for (let more = 0; more < 2; more++) {
    await RawPeer.connect(host);
    await streamsOf(libp2p, 1);
  }
  await vi.waitFor(() => expect(old.libp2p.getConnections()).toEqual([]));
  expect(busy.libp2p.getConnections()).toHaveLength(1);
  expect(libp2p.getConnections()).toHaveLength(3);
});

/** When so many streams are open: identify opens some of its own. */
function streamsOf(libp2p: HeliaWithLibp2p<NetworkServices>['libp2p'], count: number): Promise<void> {
  return vi.waitFor(() =>
    expect(libp2p.getConnections().flatMap(({ streams }) => streams)).toHaveLength(count),
  );
}
