import type { Multiaddr } from '@multiformats/multiaddr';
import type { Libp2p } from 'libp2p';

/** After which a peer that is not connected is tried again, in ms. */
const INTERVAL = 30_000;

/**
 * Connects to peers in the background, again where one was down or went away, until the signal ends it.
 *
 * @returns what takes other peers in their place; connections that there are stay.
 */
export function stayConnected(
  libp2p: Pick<Libp2p, 'dial'>,
  first: readonly Multiaddr[],
  signal: AbortSignal,
): (peers: readonly Multiaddr[]) => void {
  let peers = first;
  // A peer that is connected is not dialled anew.
  const dialAll = (): void => {
    for (const peer of peers) libp2p.dial(peer, { signal: deadline(signal) }).catch(() => undefined);
  };
  const timer = setInterval(dialAll, INTERVAL).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  dialAll();
  return (others) => {
    peers = others;
    if (!signal.aborted) dialAll();
  };
}

function deadline(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(INTERVAL)]);
}
