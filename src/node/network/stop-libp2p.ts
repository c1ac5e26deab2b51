import type { Libp2p } from 'libp2p';

/** What the type does not show of a running libp2p. */
interface Inside {
  components?: { addressManager?: { _updatePeerStoreAddresses?: { stop?(): void } } };
}

/** Ends it, with the timer that it leaves behind and that would hold the process for another second. */
export async function stopLibp2p(libp2p: Pick<Libp2p, 'stop'>): Promise<void> {
  await libp2p.stop();
  (libp2p as Inside).components?.addressManager?._updatePeerStoreAddresses?.stop?.();
}
