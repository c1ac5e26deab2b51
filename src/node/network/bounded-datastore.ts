import { BaseDatastore } from 'datastore-core/base';
import type { KeyQuery, Pair, Query } from 'interface-datastore';
import { Key } from 'interface-datastore/key';
import { NETWORK_LIMITS as LIMITS } from './limits.ts';

/** How many records may lie below a prefix. */
export type Bounds = Readonly<Record<string, number>>;

/**
 * Records in memory, for what others make a peer remember: addresses, DHT records, who provides what. Where a prefix is
 * full its oldest record goes, so that nobody can fill a disk or a process; nothing of it outlives the process.
 */
export class BoundedDatastore extends BaseDatastore {
  readonly #spaces: { prefix: string; most: number; records: Map<string, Uint8Array> }[];

  constructor(bounds: Bounds) {
    super();
    const spaces = Object.entries(bounds).map(([prefix, most]) => ({ prefix, most, records: new Map() }));
    this.#spaces = [...spaces, { prefix: '/', most: 1024, records: new Map() }];
  }

  /**
   * A record that is larger than any honest one is not remembered: the DHT and the address book bound none themselves. It does not fail,
   * since a search that came across it would fail with it.
   */
  override put(key: Key, value: Uint8Array): Key | Promise<Key> {
    const text = key.toString();
    if (text.length > LIMITS.recordKey || value.length > LIMITS.record) return key;
    const { records, most } = this.#spaceOf(text);
    records.delete(text);
    // A copy: what came over the network is often a few bytes of 64 KiB that would be kept with them.
    records.set(text, Uint8Array.from(value));
    const [oldest] = records.keys();
    if (records.size > most && oldest !== undefined) records.delete(oldest);
    return key;
  }

  override get(key: Key): Uint8Array | Promise<Uint8Array> {
    const value = this.#spaceOf(key.toString()).records.get(key.toString());
    if (value === undefined) throw new NoRecordError(`there is no record ${key}`);
    return value;
  }

  override has(key: Key): boolean | Promise<boolean> {
    return this.#spaceOf(key.toString()).records.has(key.toString());
  }

  override delete(key: Key): void {
    this.#spaceOf(key.toString()).records.delete(key.toString());
  }

  override *_all({ prefix = '/' }: Query): Generator<Pair> {
    for (const { records } of this.#spacesOf(prefix)) {
      for (const [key, value] of records) if (key.startsWith(prefix)) yield { key: new Key(key), value };
    }
  }

  override *_allKeys({ prefix = '/' }: KeyQuery): Generator<Key> {
    for (const { records } of this.#spacesOf(prefix)) {
      for (const key of records.keys()) if (key.startsWith(prefix)) yield new Key(key);
    }
  }

  #spaceOf(key: string) {
    const space = this.#spaces.find(({ prefix }) => key.startsWith(prefix));
    if (space === undefined) throw new NoRecordError(`${key} is no key`);
    return space;
  }

  #spacesOf(prefix: string) {
    return this.#spaces.filter((space) => prefix.startsWith(space.prefix) || space.prefix.startsWith(prefix));
  }
}

/** libp2p knows by its name that a record is not here. */
class NoRecordError extends Error {
  override readonly name = 'NotFoundError';
}
