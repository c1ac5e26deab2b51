import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { withPeer } from '../network/peer-address.ts';
import { FARTHER, type Reach, reachOf, reachOfHost } from '../network/reach.ts';
import { gatewayUrl } from './gateway-address.ts';
import type { HttpClient } from './http-client.ts';
import { readLimited } from './read-limited.ts';

/** Where blocks can be had, as a router says. */
export interface Providers {
  /** Multiaddrs with `/p2p/<peer id>`. */
  peers: string[];
  /** Addresses of trustless gateways. */
  gateways: string[];
}

/** Of an answer, in bytes, and of what is taken of it. */
const ANSWER_LIMIT = 1024 * 1024;
const MOST_PROVIDERS = 32;

/**
 * Asks a router who has a block (Delegated Routing V1, `GET /routing/v1/providers/<cid>`).
 *
 * Threat: it may answer with any address. It must not make us knock at hosts of our own network: from a public router only public
 * addresses are taken, and names only of gateways behind https.
 *
 * @throws OvnError `io`, `limit`, `malformed`
 */
export async function findProviders(
  router: URL,
  cid: CID,
  client: HttpClient,
  signal: AbortSignal,
): Promise<Providers> {
  const url = new URL(`routing/v1/providers/${cid}`, router);
  const answer = await client.get(url, { accept: 'application/json', signal });
  if (answer.status === 200) {
    return select(
      parse(await readLimited(answer.body, ANSWER_LIMIT)),
      FARTHER[reachOfHost(router.hostname) ?? 'public'],
    );
  }
  answer.close();
  if (answer.status === 404) return { peers: [], gateways: [] };
  throw new OvnError('io', `it answers with status ${answer.status}`);
}

interface Provider {
  id: string;
  addresses: Multiaddr[];
}

function select(providers: readonly Provider[], reaches: readonly (Reach | undefined)[]): Providers {
  const found: Providers = { peers: [], gateways: [] };
  for (const { id, addresses } of providers.slice(0, MOST_PROVIDERS)) {
    for (const address of addresses.slice(0, MOST_PROVIDERS)) {
      const url = gatewayUrl(address);
      const reach = reachOf(address);
      const isNear = reaches.includes(url === undefined ? reach : reachOfHost(new URL(url).hostname));
      if (url !== undefined && isNear && (reach !== undefined || url.startsWith('https:')))
        found.gateways.push(url);
      const peer = url === undefined && isNear ? withPeer(address, id) : undefined;
      if (peer !== undefined) found.peers.push(peer.toString());
    }
  }
  return found;
}

function parse(bytes: Uint8Array): Provider[] {
  try {
    const { Providers } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { Providers?: unknown };
    return Array.isArray(Providers) ? Providers.map(parseProvider) : [];
  } catch (cause) {
    throw new OvnError('malformed', 'its answer is no list of providers', { cause });
  }
}

function parseProvider(value: { ID?: unknown; Addrs?: unknown }): Provider {
  const { ID, Addrs } = value;
  const addresses = Array.isArray(Addrs) ? Addrs.flatMap(parseAddress) : [];
  const isId = typeof ID === 'string' && /^[1-9A-HJ-NP-Za-km-z]{40,100}$/.test(ID);
  return { id: isId ? ID : '', addresses };
}

/** An address of a kind that is not known is passed over. */
function parseAddress(text: unknown): Multiaddr[] {
  try {
    return typeof text === 'string' ? [multiaddr(text)] : [];
  } catch {
    return [];
  }
}
