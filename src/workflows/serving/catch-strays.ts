/**
 * Until it is disposed of, an error that nobody waits for ends nothing: the network's libraries leave some behind when a peer goes away
 * in the middle of something.
 */
export function catchStrays(onStray: (error: unknown) => void): Disposable {
  process.on('unhandledRejection', onStray);
  return { [Symbol.dispose]: () => void process.off('unhandledRejection', onStray) };
}
