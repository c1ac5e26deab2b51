import { base16, base16upper } from 'multiformats/bases/base16';
import { base32, base32upper } from 'multiformats/bases/base32';
import { base36, base36upper } from 'multiformats/bases/base36';
import { base58btc } from 'multiformats/bases/base58';
import { base64url } from 'multiformats/bases/base64';
import { CID } from 'multiformats/cid';
import { create, decode } from 'multiformats/hashes/digest';
import type { MultihashDigest } from 'multiformats/hashes/interface';

/**
 * An IPNS name: the CID of its public key, codec libp2p-key. The hash is the key's own protobuf (identity) where that is
 * short, as for Ed25519, else its sha2-256.
 */
export type Name = CID;

/** Multicodec `libp2p-key`. */
const LIBP2P_KEY = 0x72;
const IDENTITY = 0x00;
const SHA2_256 = 0x12;
/** Longest key that a name carries in itself, in bytes (libp2p specification, "Peer IDs"). */
const MAX_INLINE = 42;
/** Protobuf of a libp2p public key: type Ed25519, 32 bytes of data. */
const ED25519_KEY = Uint8Array.of(0x08, 0x01, 0x12, 0x20);
/** Characters; the longest form, base16, has 84. */
const LONGEST_TEXT = 128;

/** The bases in which a CID may be written. */
export const ANY_BASE = base36.decoder
  .or(base32.decoder)
  .or(base58btc.decoder)
  .or(base16.decoder)
  .or(base36upper.decoder)
  .or(base32upper.decoder)
  .or(base16upper.decoder)
  .or(base64url.decoder);

/**
 * Reads a name in any of its forms: `k51…` and `bafz…`, CIDs of version 1 in base 16, 32, 36, 58 or 64; `12D3Koo…` and `Qm…`, multihashes
 * in base 58. `undefined` for anything else.
 */
export function parseName(text: string): Name | undefined {
  if (text.length > LONGEST_TEXT) return undefined;
  try {
    if (text.startsWith('1') || text.startsWith('Qm')) return nameOf(decode(base58btc.decode(`z${text}`)));
    const { version, code, multihash } = CID.parse(text, ANY_BASE);
    return version === 1 && code === LIBP2P_KEY ? nameOf(multihash) : undefined;
  } catch {
    return undefined;
  }
}

/** In base 36, as the specification wants it shown: `k51…`. */
export function formatName(name: Name): string {
  return name.toString(base36);
}

/** The name of an Ed25519 key, given as its 32 bytes. */
export function nameOfKey(publicKey: Uint8Array): Name {
  const key = Uint8Array.of(...ED25519_KEY, ...publicKey);
  return CID.createV1(LIBP2P_KEY, create(IDENTITY, key));
}

function nameOf(multihash: MultihashDigest): Name | undefined {
  const { code, digest } = multihash;
  const isKey = code === IDENTITY && digest.length > 0 && digest.length <= MAX_INLINE;
  return isKey || (code === SHA2_256 && digest.length === 32)
    ? CID.createV1(LIBP2P_KEY, multihash)
    : undefined;
}
