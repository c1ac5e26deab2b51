import { createPrivateKey, type KeyObject } from 'node:crypto';
import { OvnError } from '../errors.ts';

/** Protobuf of a libp2p private key: type Ed25519, 64 bytes of data (libp2p specification, "Keys"). */
const PREFIX = Uint8Array.of(0x08, 0x01, 0x12, 0x40);
/** Of each half: the seed, then the public key. */
const HALF = 32;

/** An Ed25519 key as libp2p and `ipfs key export` write it, in the clear. */
export function formatLibp2pKey(privateKey: KeyObject): Uint8Array {
  const { d = '', x = '' } = privateKey.export({ format: 'jwk' });
  return Buffer.concat([PREFIX, Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
}

/**
 * Reads a key as {@link formatLibp2pKey} writes it; `undefined` for what is no such file.
 *
 * @throws {OvnError} `key` for another kind of key, `malformed` when its halves are not of one key.
 */
export function parseLibp2pKey(file: Uint8Array): KeyObject | undefined {
  // Field 1, a type; field 2, bytes. No text begins so.
  if (file[0] !== PREFIX[0] || file[2] !== PREFIX[2]) return undefined;
  if (file[1] !== PREFIX[1]) throw new OvnError('key', 'the file holds a libp2p key that is not Ed25519');
  const bytes = Buffer.from(file);
  if (!bytes.subarray(0, 4).equals(PREFIX) || bytes.length !== PREFIX.length + 2 * HALF)
    throw new OvnError('malformed', 'the file holds no whole libp2p key');
  const [d, x] = [bytes.subarray(4, 4 + HALF), bytes.subarray(4 + HALF)].map((half) =>
    half.toString('base64url'),
  );
  const key = { kty: 'OKP', crv: 'Ed25519', d: d ?? '', x: x ?? '' };
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  // Node takes the public half from the seed, whatever the file says.
  if (!Buffer.from(formatLibp2pKey(privateKey)).equals(bytes))
    throw new OvnError('malformed', 'the two halves of the libp2p key do not fit');
  return privateKey;
}
