import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { FetchNode, PeerSource } from '../network/fetch-node.ts';
import { gatewaySource, parseGateway } from './gateway-source.ts';
import { openHttp } from './http-client.ts';
import { findProviders } from './providers.ts';
import type { BlockSource } from './source.ts';

/** Who may be asked, by address. */
export interface OtherAddresses {
  /** Multiaddrs with `/p2p/<peer id>`. */
  peers: readonly string[];
  gateways: readonly string[];
  /** Routers, asked who else has it. */
  routers: readonly string[];
}

/** Sources that are known, and those that routers are still asked for. */
export interface FoundOthers {
  sources: readonly BlockSource[];
  more: readonly Promise<readonly BlockSource[]>[];
}

/** Blocks that a peer is asked for at once. */
const PEER_WINDOW = 256;

/** Others to fetch from. Nobody is contacted before {@link find} is called. */
export class Others implements AsyncDisposable {
  readonly #gateways: readonly URL[];
  readonly #peers: readonly Multiaddr[];
  readonly #routers: readonly URL[];
  readonly #opened: BlockSource[] = [];
  readonly #client = openHttp();
  readonly #stopping = new AbortController();
  #node: Promise<FetchNode> | undefined;

  /** @throws OvnError `usage` for an address that is none */
  constructor({ peers, gateways, routers }: OtherAddresses) {
    this.#peers = peers.map(parsePeer);
    this.#gateways = gateways.map(parseGateway);
    this.#routers = routers.map(parseGateway);
  }

  /** Who is asked for what is below a root. */
  find(root: CID): FoundOthers {
    const gateways = this.#gateways.map(({ href }) => this.#keep(gatewaySource(href)));
    const peers = this.#peers.map((peer) => this.#peerSource(peer));
    return { sources: [...gateways, ...peers], more: this.#routers.map((router) => this.#ask(router, root)) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#client.close();
    await Promise.all(this.#opened.map((source) => source.close?.()));
    await (await this.#node?.catch(() => undefined))?.stop();
  }

  /** What a router says, as sources; where it helps nobody, somebody who is only there to be named. */
  async #ask(router: URL, root: CID): Promise<BlockSource[]> {
    try {
      const found = await findProviders(router, root, this.#client, this.#stopping.signal);
      const gateways = found.gateways.map((url) => this.#keep(gatewaySource(url)));
      const others = [...gateways, ...found.peers.map((peer) => this.#peerSource(parsePeer(peer)))];
      return others.length > 0 ? others : [speechless(router, 'it knows nobody who has it')];
    } catch (error) {
      return [speechless(router, error instanceof Error ? error.message : String(error))];
    }
  }

  #keep(source: BlockSource): BlockSource {
    this.#opened.push(source);
    return source;
  }

  /** libp2p is loaded and started only when a peer is asked. */
  #peerSource(peer: Multiaddr): BlockSource {
    let opening: Promise<PeerSource> | undefined;
    const open = async (): Promise<PeerSource> => (await this.#openNode()).source(peer);
    return {
      id: peer.toString(),
      window: PEER_WINDOW,
      block: async (cid, options) => {
        opening ??= open();
        return (await opening).block(cid, options);
      },
    };
  }

  #openNode(): Promise<FetchNode> {
    this.#node ??= import('../network/fetch-node.ts').then(({ openFetchNode }) => openFetchNode());
    return this.#node;
  }
}

function parsePeer(text: string): Multiaddr {
  try {
    const address = multiaddr(text);
    if (address.getComponents().at(-1)?.name === 'p2p') return address;
  } catch {
    // said below
  }
  throw new OvnError('usage', `${text} is no address of a peer`, {
    hint: 'It is a multiaddr that ends with /p2p/ and a peer id, such as /ip4/192.0.2.1/tcp/4001/p2p/12D3Koo….',
  });
}

/** Who was asked and cannot help. */
function speechless({ href }: URL, why: string): BlockSource {
  const block = async () => {
    throw new OvnError('refused', why);
  };
  return { id: href.replace(/\/$/, ''), window: 1, block };
}
