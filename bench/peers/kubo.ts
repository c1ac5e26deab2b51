import { join } from 'node:path';
import { type Run, run } from '../child.ts';
import type { Bench } from '../part.ts';
import { remove } from '../scratch.ts';
import { type Service, startService } from '../service.ts';

/** A Kubo on loopback that knows nobody. */
export interface Kubo extends AsyncDisposable {
  /** Multiaddr with its peer id. */
  address: string;
  /** Address of its gateway. */
  gateway: string;
  ipfs(args: string[]): Promise<Run>;
}

/** Starts a Kubo with an empty repository of its own, which is removed with it. */
export async function startKubo(bench: Bench, program: string, name: string): Promise<Kubo> {
  const repository = join(bench.scratch, name);
  const env = { IPFS_PATH: repository };
  const ipfs = (args: string[]): Promise<Run> => run(bench, program, args, { env });
  await remove(repository);
  await ipfs(['init', '--profile=test,unixfs-v1-2025']);
  await ipfs(['config', 'Routing.Type', 'none']);
  await ipfs(['config', 'Addresses.Gateway', '/ip4/127.0.0.1/tcp/0']);
  const isReady = (line: string): boolean => line === 'Daemon is ready';
  const daemon: Service = await startService(bench, program, ['daemon'], { env, isReady });
  const said = daemon.lines.join('\n');
  const [, port = ''] = /Gateway server listening on \/ip4\/127\.0\.0\.1\/tcp\/(\d+)/.exec(said) ?? [];
  const { stdout } = await ipfs(['id', '--format=<addrs>']);
  const address = stdout.split('\n').find((line) => /^\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\//.test(line)) ?? '';
  return {
    address,
    gateway: `http://127.0.0.1:${port}`,
    ipfs,
    [Symbol.asyncDispose]: async () => {
      await daemon[Symbol.asyncDispose]();
      await remove(repository);
    },
  };
}
