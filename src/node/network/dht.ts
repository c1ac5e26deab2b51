import {
  type KadDHT,
  kadDHT,
  passthroughMapper,
  removePrivateAddressesMapper,
  type SingleKadDHT,
} from '@libp2p/kad-dht';
import { OvnError } from '../../errors.ts';
import type { Name } from '../names/name.ts';
import { type NameRecord, newerRecord, readNameRecord } from '../names/record.ts';
import { DHT_PREFIX } from './dht-store.ts';
import type { ServiceFactories } from './libp2p-options.ts';
import { NETWORK_LIMITS as LIMITS } from './limits.ts';
import { nameOfRoutingKey } from './name-keys.ts';

/** What the DHT of the public network is spoken by, and the one of networks of one's own (libp2p, as Kubo has it). */
const PUBLIC = '/ipfs/kad/1.0.0';
const LOCAL = '/ipfs/lan/kad/1.0.0';

/** The longest that a timer waits, in ms: 24 days. */
const NEVER = 2 ** 31 - 1;

export interface DhtOptions {
  public: boolean;
  /** Only asks, and keeps nothing for others. */
  client: boolean;
}

/** The DHT, as a service of libp2p. */
export function dhtService(options: DhtOptions): NonNullable<ServiceFactories['dht']> {
  return kadDHT({
    protocol: options.public ? PUBLIC : LOCAL,
    // A public node answers others once it has an address that they can reach.
    ...(options.public && !options.client ? {} : { clientMode: options.client }),
    peerInfoMapper: options.public ? removePrivateAddressesMapper : passthroughMapper,
    datastorePrefix: DHT_PREFIX,
    allowQueryWithZeroPeers: true,
    maxInboundStreams: LIMITS.dhtStreams,
    maxOutboundStreams: LIMITS.dhtStreams,
    incomingMessageTimeout: LIMITS.dhtTimeout,
    // Whoever serves knows what is to be provided, and until when; the store drops what expired. This would tell again
    // for ever what was once told.
    reprovide: { interval: NEVER },
    validators: { ipns: validate },
    selectors: { ipns: select },
  }) as unknown as NonNullable<ServiceFactories['dht']>;
}

/** Peers in its routing table. */
export function dhtSize(dht: KadDHT | undefined): number {
  return (dht as SingleKadDHT | undefined)?.routingTable.size ?? 0;
}

/** @throws OvnError for a record that is none of that name, or expired */
async function validate(key: Uint8Array, value: Uint8Array): Promise<void> {
  await readNameRecord(nameOf(key), value, { now: new Date() });
}

/** The place of the newest. */
async function select(key: Uint8Array, values: Uint8Array[]): Promise<number> {
  const records = await Promise.all(values.map((value) => readNameRecord(nameOf(key), value)));
  const newest = records.reduce<NameRecord | undefined>(
    (a, b) => (a === undefined ? b : newerRecord(a, b)),
    undefined,
  );
  return newest === undefined ? 0 : records.indexOf(newest);
}

function nameOf(key: Uint8Array): Name {
  const name = nameOfRoutingKey(key);
  if (name === undefined) throw new OvnError('malformed', 'the key of a record is no name');
  return name;
}

/** Calls back whenever a peer comes into the routing table. */
export function onPeer(dht: KadDHT, callback: () => void, signal: AbortSignal): void {
  const { routingTable } = dht as unknown as { routingTable: EventTarget };
  routingTable.addEventListener('peer:add', callback, { signal });
}

/** Settles when a peer comes into the routing table; rejects when the signal ends that. */
export function firstPeer(dht: KadDHT, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  promise.catch(() => undefined); // whoever waits for something else too may have stopped waiting
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  onPeer(dht, resolve, signal);
  return promise;
}
