import { Record as DhtRecord } from '@libp2p/kad-dht';
import type { Pair, Query } from 'interface-datastore';
import type { Key } from 'interface-datastore/key';
import { OvnError } from '../../errors.ts';
import type { NameRecords } from '../names/name-router.ts';
import { type NameRecord, newerRecord, readNameRecord } from '../names/record.ts';
import { BoundedDatastore } from './bounded-datastore.ts';
import { NETWORK_LIMITS as LIMITS } from './limits.ts';
import { nameOfRoutingKey, routingKeyOfText } from './name-keys.ts';
import { readVarint } from './protobuf.ts';

/** Below which the DHT keeps what is its own. */
export const DHT_PREFIX = '/ovn-dht';

const RECORDS = `${DHT_PREFIX}/record/`;
const PROVIDERS = `${DHT_PREFIX}/provider/`;

/** How long somebody provides what it said so of, in ms (libp2p kad-dht specification, "Content provider advertisement"). */
const PROVIDER_LIFETIME = 48 * 3_600_000;

/**
 * What a DHT node remembers. Threat (js-libp2p issue 3377): it stores whatever validly signed record a peer puts, so that
 * anybody could replay an old one and roll a name back. Here an older record never replaces a newer one, of those that
 * were put and of those that the repository keeps; and a newer one of a name that the repository keeps is kept there too.
 */
export class DhtStore extends BoundedDatastore {
  readonly #records: NameRecords | undefined;
  readonly #now: () => number;
  #before: Promise<unknown> = Promise.resolve();

  /** @param now milliseconds since 1970 */
  constructor(records: NameRecords | undefined, now: () => number = Date.now) {
    super({
      '/peers/': LIMITS.peers,
      [RECORDS]: LIMITS.dhtRecords,
      [PROVIDERS]: LIMITS.dhtProviders,
    });
    this.#records = records;
    this.#now = now;
  }

  /** @throws OvnError `refused` for a record that is older than what is here */
  override put(key: Key, value: Uint8Array): Key | Promise<Key> {
    if (!key.toString().startsWith(RECORDS)) return super.put(key, value);
    // One after the other: of two that come at once the older one might be stored last.
    const done = this.#before.then(() => this.#putRecord(key, value));
    this.#before = done.catch(() => undefined);
    return done;
  }

  /** Of a name whatever is newest, also where nobody put it since the start. */
  override async get(key: Key): Promise<Uint8Array> {
    const newest = key.toString().startsWith(RECORDS) ? await this.#newest(key) : undefined;
    if (newest === undefined) return super.get(key);
    return new DhtRecord(keyBytes(key), newest.bytes, new Date()).serialize();
  }

  /** Without what providers told longer ago than it holds. */
  override *_all(query: Query): Generator<Pair> {
    for (const pair of super._all(query)) {
      if (pair.key.toString().startsWith(PROVIDERS) && this.#hasExpired(pair.value)) this.delete(pair.key);
      else yield pair;
    }
  }

  #hasExpired(value: Uint8Array): boolean {
    const told = readVarint(value, 0)?.value ?? 0;
    return told + PROVIDER_LIFETIME < this.#now();
  }

  async #putRecord(key: Key, value: Uint8Array): Promise<Key> {
    const record = await readStored(value);
    if (record === undefined) return super.put(key, value);
    const known = await this.#newest(key);
    if (known !== undefined && newerRecord(known, record) === known && !isSame(known.bytes, record.bytes))
      throw new OvnError('refused', 'an older name record does not replace a newer one');
    if (this.#records?.get(record.name) !== undefined) this.#records.put(record);
    return super.put(key, value);
  }

  async #newest(key: Key): Promise<NameRecord | undefined> {
    const bytes = keyBytes(key);
    const name = nameOfRoutingKey(bytes);
    const kept = name && this.#records?.get(name);
    const stored = super.has(key) ? await readStored(await super.get(key)) : undefined;
    if (kept === undefined || stored === undefined) return kept ?? stored;
    return newerRecord(kept, stored);
  }
}

/** The record of a name in what the DHT stores; `undefined` where it is one of something else. */
async function readStored(value: Uint8Array): Promise<NameRecord | undefined> {
  const { key, value: bytes } = DhtRecord.deserialize(value);
  const name = nameOfRoutingKey(key);
  return name && (await readNameRecord(name, bytes));
}

function keyBytes(key: Key): Uint8Array {
  return routingKeyOfText(key.toString().slice(RECORDS.length)) ?? new Uint8Array(0);
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
