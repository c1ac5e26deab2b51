import type { Multiaddr } from '@multiformats/multiaddr';
import { OvnError } from '../../errors.ts';
import type { NetworkNode } from '../../node/network/network-options.ts';
import type { RateLimit } from '../../node/served/rate-limit.ts';
import { type Served, servedBlockstore } from '../../node/served/served.ts';
import type { Repository } from '../../repo/repository.ts';
import { keptRecords } from '../naming/kept-records.ts';
import { PUBLIC_BOOTSTRAP } from './public-bootstrap.ts';

/** How the node takes part in the network. */
export interface NodeOptions {
  /** Multiaddrs to listen on. */
  listen: readonly string[];
  /** Peers that others are met by, multiaddrs; with `public` and without any, those of the public network. */
  bootstrap: readonly string[];
  /** Speaks to the public network. */
  public: boolean;
}

/**
 * Starts the node that others fetch from. libp2p is loaded here, so that only who serves with a node has it.
 *
 * @throws {OvnError} `usage` for what is no multiaddr; `busy` or `io` where it cannot listen.
 */
export async function openNetwork(
  { listen, bootstrap, public: isPublic }: NodeOptions,
  repository: Repository,
  { served, rate }: { served: Served; rate: RateLimit | undefined },
): Promise<NetworkNode> {
  const [{ openNetworkNode }, { multiaddr }] = await Promise.all([
    import('../../node/network/network-node.ts'),
    import('@multiformats/multiaddr'),
  ]);
  const parse = (option: string) => (text: string) => parseAddress(text, option, multiaddr);
  const options = {
    listen: listen.map(parse('--listen')),
    bootstrap: await bootstrapPeers({ bootstrap, public: isPublic }),
    public: isPublic,
    quic: listen.some((address) => address.includes('/quic')),
    dht: true,
    rate,
  };
  try {
    const { blockstore, datastore } = repository;
    const stores = { blockstore: servedBlockstore(blockstore, served), datastore };
    return await openNetworkNode(stores, options, keptRecords(repository));
  } catch (error) {
    throw explain(error, listen);
  }
}

/** The peers that others are met by. @throws {OvnError} `usage` for what is no multiaddr */
export async function bootstrapPeers({
  bootstrap,
  public: isPublic,
}: Pick<NodeOptions, 'bootstrap' | 'public'>): Promise<Multiaddr[]> {
  const { multiaddr } = await import('@multiformats/multiaddr');
  const peers = isPublic && bootstrap.length === 0 ? PUBLIC_BOOTSTRAP : bootstrap;
  return peers.map((text) => parseAddress(text, 'bootstrap', multiaddr));
}

function parseAddress(text: string, option: string, parse: (text: string) => Multiaddr): Multiaddr {
  try {
    return parse(text);
  } catch (cause) {
    throw new OvnError('usage', `${option} ${text}: not a multiaddr, such as /ip4/127.0.0.1/tcp/4001`, {
      cause,
    });
  }
}

function explain(error: unknown, listen: readonly string[]): unknown {
  if (error instanceof OvnError || !(error instanceof Error)) return error;
  const where = listen.join(' and ');
  if (!['UnsupportedListenAddressesError', 'NoValidAddressesError'].includes(error.name)) return error;
  const isTaken = /EADDRINUSE/.test(`${error.message} ${String(error.cause)}`);
  return new OvnError(isTaken ? 'busy' : 'io', `the node cannot listen on ${where}: ${error.message}`, {
    hint: 'Choose another address with --listen; port 0 takes a free one.',
    cause: error,
  });
}
