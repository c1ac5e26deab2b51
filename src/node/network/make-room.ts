import type { Connection } from '@libp2p/interface';
import type { Libp2p } from 'libp2p';

/**
 * Closes connections on which nothing goes on, the oldest first, where there are more than `most`. Threat: whoever opens
 * connections and leaves them idle would shut everybody else out; who is hung up on and needs something connects again.
 */
export function makeRoom(libp2p: Pick<Libp2p, 'addEventListener' | 'getConnections'>, most: number): void {
  libp2p.addEventListener('connection:open', () => {
    const connections = libp2p.getConnections();
    const spare = connections.length - most;
    if (spare <= 0) return;
    const idle = connections.filter(isIdle).sort((a, b) => a.timeline.open - b.timeline.open);
    for (const connection of idle.slice(0, spare)) connection.close().catch(() => undefined);
  });
}

/** It was opened by the other side, and no stream is open in it. */
function isIdle({ direction, streams, status }: Connection): boolean {
  return direction === 'inbound' && status === 'open' && streams.length === 0;
}
