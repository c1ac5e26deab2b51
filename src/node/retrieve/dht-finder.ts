import { generateKeyPair } from '@libp2p/crypto/keys';
import type { KadDHT } from '@libp2p/kad-dht';
import type { Multiaddr } from '@multiformats/multiaddr';
import { createLibp2p, type Libp2p } from 'libp2p';
import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { BoundedDatastore } from '../network/bounded-datastore.ts';
import { dhtService, dhtSize, onPeer } from '../network/dht.ts';
import { DialPolicy } from '../network/dial-policy.ts';
import { libp2pOptions, type NetworkServices } from '../network/libp2p-options.ts';
import { NETWORK_LIMITS as LIMITS } from '../network/limits.ts';
import { stopLibp2p } from '../network/stop-libp2p.ts';
import { loadTransports } from '../network/transports.ts';

export interface DhtFinderOptions {
  /** Peers that lead into the DHT. */
  entries: readonly Multiaddr[];
  /** The DHT of the public network, and not that of networks of one's own. */
  public: boolean;
}

/** Providers that are taken, and how long they are looked for, in ms. */
const MOST_PROVIDERS = 8;
const PATIENCE = 20_000;

/**
 * Asks the DHT who has a block: addresses that end with `/p2p/<peer id>`. The node that asks is there for this one question, keeps nothing
 * for others, and dials nobody farther in than its entries are.
 *
 * @throws OvnError `io` when none of the entries can be reached
 */
export async function findInDht(
  cid: CID,
  { entries, public: isPublic }: DhtFinderOptions,
  signal: AbortSignal,
): Promise<Multiaddr[]> {
  const policy = new DialPolicy({ listen: entries, public: isPublic });
  for (const entry of entries) policy.allow(entry);
  const libp2p = await createLibp2p<NetworkServices>(
    libp2pOptions({
      privateKey: await generateKeyPair('Ed25519'),
      transports: await loadTransports({ listen: [], quic: false }),
      policy,
      datastore: new BoundedDatastore({ '/peers/': LIMITS.peers }),
      dht: dhtService({ public: isPublic, client: true }),
    }),
  );
  const ends = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]);
  try {
    const dht = await enter(libp2p, entries, ends);
    return await collect(dht, cid, policy, ends);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof OvnError) throw error;
    throw new OvnError('io', `nobody was found in ${PATIENCE / 1000} s`, { cause: error });
  } finally {
    await stopLibp2p(libp2p);
  }
}

/** Waits until an entry takes part in the DHT. */
async function enter(
  libp2p: Libp2p<NetworkServices>,
  entries: readonly Multiaddr[],
  signal: AbortSignal,
): Promise<KadDHT> {
  const { dht } = libp2p.services;
  if (dht === undefined) throw new OvnError('usage', 'this node takes part in no DHT');
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  promise.catch(() => undefined);
  onPeer(dht, resolve, signal);
  try {
    await Promise.any(entries.map((entry) => libp2p.dial(entry, { signal })));
  } catch (cause) {
    throw new OvnError('io', 'no peer that leads into it can be reached', { cause });
  }
  if (dhtSize(dht) === 0) await promise;
  return dht;
}

async function collect(dht: KadDHT, cid: CID, policy: DialPolicy, signal: AbortSignal): Promise<Multiaddr[]> {
  const found = new Map<string, Multiaddr>();
  for await (const event of dht.findProviders(cid, { signal })) {
    if (event.name !== 'PROVIDER') continue;
    for (const { id, multiaddrs } of event.providers) {
      const address = multiaddrs.find((each) => policy.allows(each));
      if (address !== undefined && !found.has(id.toString()))
        found.set(id.toString(), withPeer(address, id.toString()));
    }
    if (found.size >= MOST_PROVIDERS) break;
  }
  return [...found.values()];
}

function withPeer(address: Multiaddr, id: string): Multiaddr {
  return address.toString().includes('/p2p/') ? address : address.encapsulate(`/p2p/${id}`);
}
