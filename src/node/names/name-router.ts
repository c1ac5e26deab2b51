import type { Name } from './name.ts';
import type { NameRecord } from './record.ts';

/** Where records are kept and asked for: the gateway, the DHT and the commands share it. */
export interface NameRecords {
  /** What is kept here. */
  get(name: Name): NameRecord | undefined;
  /** Keeps it, unless an equal or newer one is kept: an older valid record never replaces a newer one. */
  put(record: NameRecord): 'kept' | 'older' | 'same';
}

/** One other place that keeps records: an HTTP router, the DHT. What it gives is bytes from a stranger. */
export interface NameRouter {
  /** As it is called in messages. */
  readonly id: string;
  /** `undefined` where it has none. */
  get(name: Name, options: { signal: AbortSignal }): Promise<Uint8Array | undefined>;
  put(name: Name, bytes: Uint8Array, options: { signal: AbortSignal }): Promise<void>;
}
