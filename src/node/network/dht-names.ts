import type { PeerId } from '@libp2p/interface';
import type { KadDHT, QueryEvent } from '@libp2p/kad-dht';
import { OvnError } from '../../errors.ts';
import type { Name } from '../names/name.ts';
import type { NameRouter } from '../names/name-router.ts';
import { type NameRecord, newerRecord, readNameRecord } from '../names/record.ts';
import { routingKey } from './name-keys.ts';

/** What of a record is our own word. */
export interface OurWord {
  self: PeerId;
  /** What is kept here is in our part of the DHT too: that says nothing of what others have. */
  keeps(name: Name): boolean;
}

/** Names over the DHT: records go out as they are, byte for byte, and come back so. */
export function dhtNames(dht: KadDHT, ours?: OurWord): NameRouter {
  return {
    id: 'dht',
    get: async (name, { signal }) => {
      const skipped = ours?.keeps(name) === true ? ours.self : undefined;
      return (await findNewest(dht, name, skipped, signal))?.bytes;
    },
    put: (name, bytes, { signal }) => tell(dht, name, bytes, signal),
  };
}

/**
 * The newest of what all peers give. The library's own answer is not waited for: before it gives one, it corrects peers
 * that have older records, and fails where one of them cannot be.
 */
async function findNewest(
  dht: KadDHT,
  name: Name,
  skipped: PeerId | undefined,
  signal: AbortSignal,
): Promise<NameRecord | undefined> {
  let newest: NameRecord | undefined;
  try {
    for await (const event of dht.get(routingKey(name), { signal })) {
      if (skipped !== undefined && event.name === 'VALUE' && event.from.equals(skipped)) continue;
      const record = await readEvent(name, event);
      if (record !== undefined) newest = newest === undefined ? record : newerRecord(newest, record);
    }
  } catch (cause) {
    signal.throwIfAborted();
    if (newest === undefined)
      throw new OvnError('io', `the DHT cannot be asked: ${wordsOf(cause)}`, { cause });
  }
  return newest;
}

async function readEvent(name: Name, event: QueryEvent): Promise<NameRecord | undefined> {
  const bytes =
    event.name === 'VALUE' ? event.value : event.name === 'PEER_RESPONSE' ? event.record?.value : undefined;
  if (bytes === undefined) return undefined;
  return await readNameRecord(name, bytes, { now: new Date() }).catch(() => undefined);
}

/** Where nobody is there it waits here for whoever asks; where somebody is, one at least has to take it. */
async function tell(dht: KadDHT, name: Name, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  let taken = 0;
  let why: Error | undefined;
  for await (const event of dht.put(routingKey(name), bytes, { signal })) {
    if (event.name === 'QUERY_ERROR') why = event.error;
    if (event.name === 'PEER_RESPONSE' && event.messageName === 'PUT_VALUE') taken++;
  }
  signal.throwIfAborted();
  if (taken === 0 && why !== undefined)
    throw new OvnError('io', `no peer of the DHT took the record: ${why.message}`, { cause: why });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
