import { connect, createServer, type ListenOptions, type NetConnectOpts, type Server } from 'node:net';

/** Whatever comes to one place goes to the other, and back, until one of both closes. */
export async function forward(from: ListenOptions, to: NetConnectOpts): Promise<Server> {
  const server = createServer((near) => {
    const far = connect(to);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject).listen(from, resolve);
  await promise;
  return server;
}
