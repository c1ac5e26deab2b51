import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Lets at most so many connections be open. For one more, the one goes that has been idle for longest: that sends no request, or
 * takes its time with one. Whoever holds thousands open keeps nobody out in this way, which refusing newcomers would do.
 * @returns how many are open
 */
export function makeRoom(server: Server, most: number): () => number {
  let open = 0;
  /** The longest idle first. */
  const idle = new Set<Socket>();
  server.on('connection', (socket) => {
    open++;
    socket.once('close', () => {
      open--;
      idle.delete(socket);
    });
    const [longest] = idle;
    idle.add(socket);
    if (open > most) (longest ?? socket).resetAndDestroy();
  });
  server.on('request', ({ socket }, response) => {
    idle.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) idle.add(socket);
    });
  });
  return () => open;
}
