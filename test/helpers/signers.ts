import { createPrivateKey, hash } from 'node:crypto';
import type { Signer } from '../../src/trust/proof.ts';
import { signerOf } from '../../src/trust/sign-document.ts';

/** PKCS#8 of an Ed25519 key, up to its 32 bytes of seed (RFC 8410, section 10.3). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** An Ed25519 signer from a seed of 32 bytes. */
export function signerFromSeed(seed: Uint8Array): Signer {
  return signerOf(createPrivateKey({ key: Buffer.concat([PKCS8_HEAD, seed]), format: 'der', type: 'pkcs8' }));
}

/** The same signer for the same name on every machine. For tests only: everybody knows these keys. */
export function testSigner(name: string): Signer {
  return signerFromSeed(hash('sha256', `OpenVoiceNews test key: ${name}`, 'buffer'));
}
