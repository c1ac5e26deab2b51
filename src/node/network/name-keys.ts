import { base32 } from 'multiformats/bases/base32';
import { CID } from 'multiformats/cid';
import * as Digest from 'multiformats/hashes/digest';
import type { Name } from '../names/name.ts';

const PREFIX = Buffer.from('/ipns/', 'utf8');
const LIBP2P_KEY = 0x72;

/** The key under which a DHT holds the record of a name (IPNS specification, "Routing record"). */
export function routingKey(name: Name): Uint8Array {
  return Buffer.concat([PREFIX, name.multihash.bytes]);
}

/** The name of a key; `undefined` for a key of anything else. */
export function nameOfRoutingKey(key: Uint8Array): Name | undefined {
  if (Buffer.compare(key.subarray(0, PREFIX.length), PREFIX) !== 0) return undefined;
  try {
    return CID.createV1(LIBP2P_KEY, Digest.decode(key.subarray(PREFIX.length)));
  } catch {
    return undefined;
  }
}

/** The key that the DHT's store holds, after its prefix, in base 32; `undefined` where it is none. */
export function routingKeyOfText(text: string): Uint8Array | undefined {
  try {
    return base32.decode(`b${text}`);
  } catch {
    return undefined;
  }
}
