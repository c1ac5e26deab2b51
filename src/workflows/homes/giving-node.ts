import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { MemoryDatastore } from 'datastore-core/memory';
import { OvnError } from '../../errors.ts';
import { reachOfHost } from '../../node/network/reach.ts';
import { servedBlockstore } from '../../node/served/served.ts';
import type { Repository } from '../../repo/repository.ts';
import { ServedView } from '../serving/served-view.ts';

/** A node for as long as something is pushed, of which homes fetch what they were asked to keep. */
export interface GivingNode extends AsyncDisposable {
  /** Where it listens, each with `/p2p/<peer id>`. */
  origins: string[];
  /**
   * Connects to where a home asked us to, once each, where that says whose it is, and lies no farther in our own network than the home.
   * Who cannot be reached is no error: the home may reach us.
   *
   * @param home its address, http or https.
   */
  connect(addresses: readonly string[], home: string): void;
}

/** At once; the API of pinning services allows no more. */
const MOST_DELEGATES = 20;
/** Of all homes together, however often they are asked. */
const MOST_CONNECTED = 200;

/**
 * Starts it. It gives what `serve` would, to whoever asks, and with `any` all that is held; its peer id is of this once, so that it is not
 * taken for the node of a `serve` that runs beside it.
 *
 * @param listen multiaddrs; none: it only connects to others.
 * @throws {OvnError} `usage` for what is no multiaddr, `io` or `busy` where it cannot listen.
 */
export async function openGivingNode(
  listen: readonly string[],
  repository: Repository,
  { any, signal }: { any: boolean; signal: AbortSignal },
): Promise<GivingNode> {
  const { openNetworkNode } = await import('../../node/network/network-node.ts');
  const parse = (text: string): Multiaddr => {
    try {
      return multiaddr(text);
    } catch (cause) {
      throw new OvnError('usage', `${text} is no multiaddr, such as /ip4/0.0.0.0/tcp/4001`, { cause });
    }
  };
  const addresses = listen.map(parse);
  const stack = new AsyncDisposableStack();
  try {
    const nothingDenied = {
      deniesBlock: () => false,
      deniesPath: () => false,
      deniedRoots: () => [],
    };
    const onDefect = (): void => undefined;
    const view = stack.use(await ServedView.open(repository, { any, denials: nothingDenied, onDefect }));
    const stores = {
      blockstore: servedBlockstore(repository.blockstore, view),
      datastore: new MemoryDatastore(),
    };
    const quic = listen.some((address) => address.includes('/quic'));
    const options = { listen: addresses, bootstrap: [], public: false, quic, dht: false };
    const node = stack.use(await openNetworkNode(stores, options));
    const seen = new Set<string>();
    return {
      origins: node.multiaddrs().map(String),
      connect(given, home) {
        const within = reachOfHost(new URL(home).hostname) ?? 'public';
        for (const text of given.slice(0, MOST_DELEGATES)) {
          const asked = `${within} ${text}`;
          // Who does not say who it is may be anybody, such as another service on this machine.
          if (!text.includes('/p2p/') || seen.has(asked) || seen.size >= MOST_CONNECTED) continue;
          seen.add(asked);
          void Promise.try(() => node.dial(parse(text), { signal, within })).catch(() => undefined);
        }
      },
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}
