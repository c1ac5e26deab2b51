import { createPublicKey, type KeyObject } from 'node:crypto';
import { base58btc } from 'multiformats/bases/base58';
import { OvnError } from '../errors.ts';

/**
 * did:key of an Ed25519 key: multibase base58btc of the multicodec `ed25519-pub` (0xed 0x01) and 32 bytes.
 */
const DID_KEY = /^did:key:(z6Mk[1-9A-HJ-NP-Za-km-z]{44})$/;
const MULTICODEC = Uint8Array.of(0xed, 0x01);
const KEY_LENGTH = 32;

/**
 * y coordinates of the points of small order, little-endian hex. Under such a key one signature fits many
 * messages. In this order: order 2, order 1, order 4, order 8 twice.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
]);

/**
 * Keys that were read, so that a thousand signatures of one key parse it once. Bounded: strangers choose what
 * is looked up.
 */
const known = new Map<string, KeyObject>();
const KNOWN_LIMIT = 256;

/** The 32 bytes of an Ed25519 key; of a private key, those of its public half. */
export function rawPublicKey(key: KeyObject): Uint8Array {
  if (key.asymmetricKeyType !== 'ed25519') throw new OvnError('key', 'not an Ed25519 key');
  const { x } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' });
  return new Uint8Array(Buffer.from(x ?? '', 'base64url'));
}

/**
 * The did:key of an Ed25519 key, given as its 32 bytes or as a KeyObject (of a private key: of its public
 * half).
 *
 * @throws {OvnError} `key` for another kind of key, or one of small order.
 */
export function didKeyOf(key: KeyObject | Uint8Array): string {
  const raw = key instanceof Uint8Array ? key : rawPublicKey(key);
  requireSound(raw);
  return `did:key:${base58btc.encode(Buffer.concat([MULTICODEC, raw]))}`;
}

/**
 * The public key that a did:key names.
 *
 * @throws {OvnError} `key` when it is not the one spelling of an Ed25519 key, or the key is of small order.
 */
export function publicKeyOf(did: string): KeyObject {
  const found = known.get(did);
  if (found !== undefined) return found;
  const x = Buffer.from(rawKeyOf(did)).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  if (known.size >= KNOWN_LIMIT) known.clear();
  known.set(did, key);
  return key;
}

/** The 32 bytes that a did:key names. Throws as {@link publicKeyOf} does. */
export function rawKeyOf(did: string): Uint8Array {
  const multibase = DID_KEY.exec(did)?.[1];
  if (multibase === undefined) throw new OvnError('key', 'not the did:key of an Ed25519 key');
  const bytes = base58btc.decode(multibase);
  const raw = bytes.subarray(MULTICODEC.length);
  if (bytes[0] !== MULTICODEC[0] || bytes[1] !== MULTICODEC[1] || raw.length !== KEY_LENGTH) {
    throw new OvnError('key', 'not the did:key of an Ed25519 key');
  }
  requireSound(raw);
  return raw;
}

/** The name of a did:key's one verification method: `did:key:z…#z…`. */
export function verificationMethodOf(did: string): string {
  return `${did}#${did.slice('did:key:'.length)}`;
}

function requireSound(raw: Uint8Array): void {
  if (raw.length !== KEY_LENGTH) throw new OvnError('key', 'an Ed25519 public key has 32 bytes');
  const y = Uint8Array.from(raw);
  y[31] = (y[31] ?? 0) & 0x7f; // the top bit is the sign of x
  const hex = Buffer.from(y).toString('hex');
  if (SMALL_ORDER.has(hex)) throw new OvnError('key', 'an Ed25519 key of small order');
  if (!isReduced(y)) throw new OvnError('key', 'an Ed25519 key that is not in its one encoding');
}

/** Whether y is below p = 2^255 - 19: a second spelling of a coordinate would be a second name for a key. */
function isReduced(y: Uint8Array): boolean {
  return (y[0] ?? 0) < 0xed || y[31] !== 0x7f || y.subarray(1, 31).some((byte) => byte !== 0xff);
}
