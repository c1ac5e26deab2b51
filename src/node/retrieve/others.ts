import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import type { NamedPlaces } from '../mirrors/mirrors-of.ts';
import type { NameRouter } from '../names/name-router.ts';
import type { FetchNode, FetchOptions, PeerSource } from '../network/fetch-node.ts';
import type { Reach } from '../network/reach.ts';
import { findInDht } from './dht-finder.ts';
import { gatewaySource, parseGateway } from './gateway-source.ts';
import { HTTP_LIMITS, openHttp } from './http-client.ts';
import { findProviders } from './providers.ts';
import type { BlockSource } from './source.ts';

/** Who may be asked, by address. */
export interface OtherAddresses {
  /** Multiaddrs with `/p2p/<peer id>`. */
  peers: readonly string[];
  gateways: readonly string[];
  /** Places that somebody else named. */
  mirrors?: NamedPlaces | undefined;
  /** Routers, asked who else has it. */
  routers: readonly string[];
  /** The DHT, asked who else has it: entered by the peers, and by further ones. Not asked where it is absent. */
  dht?: { bootstrap: readonly string[]; public: boolean } | undefined;
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
  readonly #mirrors: NamedPlaces;
  readonly #routers: readonly URL[];
  readonly #dht: Pick<FetchOptions, 'bootstrap' | 'public'> | undefined;
  /** By reach and address, so that connections are kept from one root to the next. */
  readonly #opened = new Map<string, BlockSource>();
  readonly #findings = new Set<Promise<unknown>>();
  readonly #client = openHttp();
  readonly #stopping = new AbortController();
  #node: Promise<FetchNode> | undefined;

  /** @throws OvnError `usage` for an address that is none */
  constructor({ peers, gateways, mirrors, routers, dht }: OtherAddresses) {
    this.#peers = peers.map(parsePeer);
    this.#gateways = gateways.map(parseGateway);
    this.#mirrors = mirrors ?? { places: [], within: 'public' };
    this.#routers = routers.map(parseGateway);
    this.#dht = dht && { bootstrap: [...this.#peers, ...dht.bootstrap.map(parsePeer)], public: dht.public };
  }

  /** Who is asked for what is below a root. */
  find(root: CID): FoundOthers {
    const gateways = this.#gateways.map(({ href }) => this.#gateway(href));
    const peers = this.#peers.map((peer) => this.#peerSource(peer));
    const { places, within } = this.#mirrors;
    const mirrors = places.map((place) => this.source(place, within));
    const routed = this.#routers.map((router) => this.#askRouter(router, root));
    const more = this.#dht === undefined ? routed : [...routed, this.#askDht(root)];
    for (const finding of more) {
      this.#findings.add(finding);
      void finding.then(() => this.#findings.delete(finding));
    }
    return { sources: [...gateways, ...peers, ...mirrors], more };
  }

  /**
   * One place by its address: that of a gateway, or a peer's multiaddr.
   *
   * @param within how far in it may lie, where it was not the user who named it.
   * @throws OvnError `usage` for an address that is none
   */
  source(place: string, within?: Reach): BlockSource {
    return place.startsWith('/')
      ? this.#peerSource(parsePeer(place), within)
      : this.#gateway(parseGateway(place).href, within);
  }

  /** Names over the DHT; `undefined` where it is not asked. The node is started when the first name is looked for. */
  nameRouter(): NameRouter | undefined {
    if (this.#dht === undefined) return undefined;
    const open = async (): Promise<NameRouter> => {
      const router = (await this.#openNode()).nameRouter;
      if (router === undefined) throw new OvnError('usage', 'this node takes part in no DHT');
      return router;
    };
    return {
      id: 'dht',
      get: async (name, options) => (await open()).get(name, options),
      put: async (name, bytes, options) => (await open()).put(name, bytes, options),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort();
    this.#client.close();
    await Promise.all(this.#findings);
    await Promise.all(this.#opened.values().map((source) => source.close?.()));
    await (await this.#node?.catch(() => undefined))?.stop();
  }

  #askRouter(router: URL, root: CID): Promise<BlockSource[]> {
    return finding(`${router.origin}${router.pathname}`, async () => {
      const found = await findProviders(router, root, this.#client, this.#stopping.signal);
      const gateways = found.gateways.map((url) => this.#gateway(url));
      return [...gateways, ...found.peers.map((peer) => this.#peerSource(parsePeer(peer)))];
    });
  }

  #askDht(root: CID): Promise<BlockSource[]> {
    return finding('DHT', async () => findInDht(root, await this.#openNode(), this.#stopping.signal));
  }

  #gateway(address: string, within?: Reach): BlockSource {
    const key = `${within ?? ''} ${address}`;
    const gateway = this.#opened.get(key) ?? gatewaySource(address, HTTP_LIMITS, within);
    this.#opened.set(key, gateway);
    return gateway;
  }

  /** libp2p is loaded and started only when a peer is asked. */
  #peerSource(peer: Multiaddr, within?: Reach): BlockSource {
    let opening: Promise<PeerSource> | undefined;
    const open = async (): Promise<PeerSource> => (await this.#openNode()).source(peer, within);
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
    this.#node ??= import('../network/fetch-node.ts').then(({ openFetchNode }) => openFetchNode(this.#dht));
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

/** Whom somebody names; where that is nobody, a source that is there only to say so. */
async function finding(id: string, find: () => Promise<BlockSource[]>): Promise<BlockSource[]> {
  try {
    const found = await find();
    return found.length > 0 ? found : [speechless(id, 'it knows nobody who has it')];
  } catch (error) {
    return [speechless(id, error instanceof Error ? error.message : String(error))];
  }
}

/** Who was asked and cannot help. */
function speechless(id: string, why: string): BlockSource {
  const block = async () => {
    throw new OvnError('refused', why);
  };
  return { id: id.replace(/\/$/, ''), window: 1, block };
}
