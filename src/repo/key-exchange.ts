import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { OvnError } from '../errors.ts';
import { didKeyOf } from '../trust/did-key.ts';
import type { RoleName } from '../trust/masthead.ts';
import { armor, dearmor, decryptWithPassphrase, encryptWithPassphrase } from './age.ts';
import { type KeyInfo, writeSecret } from './key-file.ts';
import { listKeys, loadKey, pemOf, storeKeys } from './keyring.ts';
import { formatLibp2pKey, parseLibp2pKey } from './libp2p-key.ts';

/** Bytes; a key in any of the forms is far smaller. */
const FILE_LIMIT = 64 * 1024;

export interface ExportOptions {
  /**
   * `pem`: PKCS#8 in the clear. `age`: the same, encrypted under `exportPassphrase`. `libp2p`: protobuf in the clear, as IPFS
   * nodes exchange keys.
   */
  format: 'pem' | 'age' | 'libp2p';
  /** Of the keyring, where it has one. */
  passphrase?: string | undefined;
  exportPassphrase?: string | undefined;
}

export interface ImportOptions {
  /** Of the keyring, where it has one or is to have one. */
  passphrase?: string | undefined;
  /** Of the file, where it has one. */
  filePassphrase?: string | undefined;
}

/**
 * One key as a file, to be kept elsewhere: the only way by which a private key leaves the keyring (invariant 7).
 *
 * @throws {OvnError} `key` as loadKey() does, and where `age` is asked for without a passphrase.
 */
export async function exportKey(
  dir: string,
  wanted: string,
  options: ExportOptions,
): Promise<string | Uint8Array> {
  const { format, passphrase, exportPassphrase } = options;
  if (format === 'age' && !exportPassphrase) throw new OvnError('key', 'an age file needs a passphrase');
  const { privateKey } = await loadKey(dir, wanted, passphrase);
  if (format === 'libp2p') return formatLibp2pKey(privateKey);
  const pem = pemOf(privateKey);
  return format === 'age' && exportPassphrase
    ? armor(await encryptWithPassphrase(exportPassphrase, pem))
    : pem;
}

/**
 * Makes a key in a file of its own, for a machine without a keyring: PKCS#8 PEM, or with a passphrase an age file around
 * it.
 *
 * @returns its did:key.
 * @throws {OvnError} `exists` when there is such a file.
 */
export async function makeKeyFile(path: string, passphrase: string | undefined): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = pemOf(privateKey);
  writeSecret(path, passphrase ? await armor(await encryptWithPassphrase(passphrase, pem)) : pem);
  return didKeyOf(privateKey);
}

/**
 * Takes a key in: PKCS#8 PEM, in the clear or encrypted, or an age file (binary or armored) around it; or a libp2p key.
 *
 * @throws {OvnError} `exists` when the keyring has it for this role; `key` for a missing or wrong passphrase, or a key
 * that is not Ed25519; `malformed` when it is no key.
 */
export async function importKey(
  dir: string,
  role: RoleName,
  file: Uint8Array,
  { passphrase, filePassphrase }: ImportOptions,
): Promise<KeyInfo> {
  const privateKey = await readKeyFile(file, filePassphrase);
  const did = didKeyOf(privateKey);
  if (listKeys(dir).some((key) => key.role === role && key.did === did)) {
    throw new OvnError('exists', `the keyring has this ${role} key already`);
  }
  const [key] = await storeKeys(dir, [{ role, privateKey }], passphrase);
  if (key === undefined) throw new Error('no key was stored');
  return key;
}

/**
 * A key in any of the forms that {@link importKey} takes, without taking it in.
 *
 * @throws {OvnError} as {@link importKey} does.
 */
export async function readKeyFile(file: Uint8Array, passphrase: string | undefined): Promise<KeyObject> {
  if (file.byteLength > FILE_LIMIT) throw new OvnError('limit', 'the file is too large to be a key');
  return parseLibp2pKey(file) ?? parseKey(await openFile(file, passphrase), passphrase);
}

async function openFile(file: Uint8Array, passphrase: string | undefined): Promise<string> {
  const encrypted = await dearmor(file);
  if (encrypted === undefined) return Buffer.from(file).toString('latin1');
  if (!passphrase) throw new OvnError('key', 'the file is encrypted: its passphrase is needed');
  return decryptWithPassphrase(passphrase, encrypted);
}

function parseKey(pem: string, passphrase: string | undefined): KeyObject {
  try {
    return createPrivateKey({ key: pem, format: 'pem', ...(passphrase ? { passphrase } : {}) });
  } catch (error) {
    if (pem.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----')) {
      throw new OvnError('key', 'the passphrase of the file is missing or wrong', { cause: error });
    }
    throw new OvnError('malformed', 'the file holds no private key', { cause: error });
  }
}
