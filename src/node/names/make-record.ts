import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { createIPNSRecord, IPNSEntry } from '@helia/ipns';
import { OvnError } from '../../errors.ts';
import { type Name, nameOfKey } from './name.ts';
import { type NameRecord, RECORD_LIMIT, readNameRecord } from './record.ts';

/** What a new record is to say. */
export interface NewRecord {
  /** `/ipfs/…` */
  value: string;
  sequence: bigint;
  now: Date;
  /** How long it holds, in ms. */
  lifetime: number;
  /** How long it may be given out without asking again, in seconds. */
  ttl: number;
}

type SigningKey = Parameters<typeof createIPNSRecord>[0];

/** The name of an Ed25519 key, public or private. */
export function nameOfKeyObject(key: KeyObject): Name {
  if (key.asymmetricKeyType !== 'ed25519') throw new OvnError('key', 'a name needs an Ed25519 key');
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return nameOfKey(Buffer.from(x ?? '', 'base64url'));
}

/**
 * Makes and signs a record, of version 2 alone: every byte of it is bound by its signature, and every program since 2023
 * reads it (IPIP-0428).
 *
 * @param key Ed25519, private; it stays where it is.
 * @throws {OvnError} `usage` when the value makes it larger than a record may be.
 */
export async function makeNameRecord(key: KeyObject, record: NewRecord): Promise<NameRecord> {
  const name = nameOfKeyObject(key);
  const entry = await createIPNSRecord(signerOf(key, name), record.value, record.sequence, record.lifetime, {
    v1Compatible: false,
    ttlNs: BigInt(record.ttl) * 1_000_000_000n,
    now: record.now.getTime(),
  });
  const bytes = IPNSEntry.encode(entry);
  if (bytes.length > RECORD_LIMIT) throw new OvnError('usage', 'the path is too long for a name record');
  return readNameRecord(name, bytes);
}

/** Of a key, what the library needs to sign with it: the private half is not handed over. */
function signerOf(key: KeyObject, name: Name): SigningKey {
  const signer = {
    sign: (data: Uint8Array) => new Uint8Array(sign(null, data, key)),
    publicKey: { toMultihash: () => name.multihash },
  };
  return signer as unknown as SigningKey;
}
