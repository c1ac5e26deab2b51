import type { Multiaddr } from '@multiformats/multiaddr';

/** The address with whose it is at its end; `undefined` where that cannot be, as where it says a peer in its middle. */
export function withPeer(address: Multiaddr, id: string): Multiaddr | undefined {
  try {
    const isWhole = address.getComponents().some(({ name }) => name === 'p2p');
    const whole = isWhole ? address : address.encapsulate(`/p2p/${id}`);
    return whole.getComponents().at(-1)?.name === 'p2p' ? whole : undefined;
  } catch {
    return undefined;
  }
}
