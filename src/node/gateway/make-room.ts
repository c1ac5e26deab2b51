import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Lets at most so many connections be open. For one more, the one goes that has been idle for longest: that sends no request, or
 * takes its time with one. Whoever holds thousands open keeps nobody out in this way, which refusing newcomers would do.
 * @returns how many are open
 */
export function makeRoom(server: Server, most: number): () => number {
  const open = new Set<Socket>();
  /** The longest idle first. */
  const idle = new Set<Socket>();
  const forget = (socket: Socket): void => {
    open.delete(socket);
    idle.delete(socket);
  };
  server.on('connection', (socket) => {
    socket.once('close', () => forget(socket));
    const [longest = socket] = idle;
    open.add(socket);
    idle.add(socket);
    if (open.size <= most) return;
    // It is gone from now on, and not only when the system has said so.
    forget(longest);
    longest.resetAndDestroy();
  });
  server.on('request', ({ socket }, response) => {
    idle.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) idle.add(socket);
    });
  });
  return () => open.size;
}
