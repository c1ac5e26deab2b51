import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { OvnError } from '../errors.ts';
import { didKeyOf } from '../trust/did-key.ts';
import { ROLES, type RoleName } from '../trust/masthead.ts';
import {
  type AgeIdentity,
  decryptWith,
  decryptWithPassphrase,
  encryptTo,
  encryptWithPassphrase,
  formatIdentity,
  generateIdentity,
  parseIdentity,
} from './age.ts';
import { type KeyInfo, keyFileName, parseKeyFileName, readSecret, writeSecret } from './key-file.ts';

/** The age identity that encrypted keys are encrypted to, itself encrypted under the passphrase. */
const IDENTITY = 'identity.age';

export interface LoadedKey extends KeyInfo {
  privateKey: KeyObject;
}

/** The keys of a keyring by role; needs no passphrase, and reads no key. A folder that is not there has none. */
export function listKeys(dir: string): KeyInfo[] {
  const files = existsSync(dir) ? readdirSync(dir).sort() : [];
  const keys = files.map(parseKeyFileName).filter((key) => key !== undefined);
  return ROLES.flatMap((role) => keys.filter((key) => key.role === role));
}

/** Whether the keyring has a passphrase. */
export function isLocked(dir: string): boolean {
  return existsSync(join(dir, IDENTITY));
}

/**
 * Reads one key, named by its role or its did:key.
 *
 * @throws {OvnError} `key` as {@link loadKeys} does.
 */
export async function loadKey(dir: string, wanted: string, passphrase?: string): Promise<LoadedKey> {
  const [key] = await loadKeys(dir, [wanted], passphrase);
  if (key === undefined) throw missing(wanted);
  return key;
}

/**
 * Reads keys, each named by its role or its did:key, with one key derivation for all of them.
 *
 * @throws {OvnError} `key` when one is not there, the passphrase is missing or wrong, or others can read a key's file;
 * `damaged` when a file holds another key than it says.
 */
export async function loadKeys(
  dir: string,
  wanted: readonly string[],
  passphrase?: string,
): Promise<LoadedKey[]> {
  const found = wanted.map((name) => findKey(dir, name));
  const identity = found.some(({ encrypted }) => encrypted) ? await unlock(dir, passphrase) : undefined;
  const loaded: LoadedKey[] = [];
  for (const key of found) loaded.push(await readKey(dir, key, identity));
  return loaded;
}

/**
 * Makes a new Ed25519 key for each role. With a passphrase, or in a keyring that has one, they are encrypted.
 *
 * @throws {OvnError} `key` when the keyring's passphrase is missing or another one.
 */
export async function createKeys(
  dir: string,
  roles: readonly RoleName[],
  passphrase: string | undefined,
): Promise<KeyInfo[]> {
  const pairs = roles.map((role) => ({ role, privateKey: generateKeyPairSync('ed25519').privateKey }));
  return storeKeys(dir, pairs, passphrase);
}

/** Stores keys that were made elsewhere, as {@link createKeys} does. Throws `exists` for a key that is there. */
export async function storeKeys(
  dir: string,
  keys: readonly { role: RoleName; privateKey: KeyObject }[],
  passphrase: string | undefined,
): Promise<KeyInfo[]> {
  const recipient =
    isLocked(dir) || passphrase ? (await openOrCreateIdentity(dir, passphrase)).recipient : undefined;
  const stored: KeyInfo[] = [];
  for (const { role, privateKey } of keys) {
    const key = { role, did: didKeyOf(privateKey), encrypted: recipient !== undefined };
    const file = keyFileName(key);
    const pem = pemOf(privateKey);
    writeSecret(join(dir, file), recipient === undefined ? pem : await encryptTo(recipient, pem));
    stored.push({ ...key, file });
  }
  return stored;
}

/**
 * Another secret than a key, as it is kept in the keyring: encrypted, where that has a passphrase.
 *
 * @throws {OvnError} `key` when the passphrase is missing or wrong.
 */
export async function sealSecret(
  dir: string,
  secret: string,
  passphrase: string | undefined,
): Promise<{ content: string | Uint8Array; encrypted: boolean }> {
  if (!isLocked(dir)) return { content: secret, encrypted: false };
  const { recipient } = await unlock(dir, passphrase);
  return { content: await encryptTo(recipient, secret), encrypted: true };
}

/** What {@link sealSecret} encrypted. @throws {OvnError} `key`, `malformed` */
export async function openSecret(
  dir: string,
  content: Uint8Array,
  passphrase: string | undefined,
): Promise<string> {
  return decryptWith(await unlock(dir, passphrase), content);
}

/** PKCS#8. */
export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }) as string;
}

/** The key that a role or a did:key names. A key that is there in the clear and encrypted is read in the clear. */
function findKey(dir: string, wanted: string): KeyInfo {
  const keys = listKeys(dir).filter(({ role, did }) => role === wanted || did === wanted);
  const [key] = keys;
  if (key === undefined) throw missing(wanted);
  if (keys.some(({ did }) => did !== key.did)) {
    const dids = keys.map(({ did }) => did).join(', ');
    throw new OvnError('key', `the keyring has several ${wanted} keys: ${dids}`, {
      hint: 'Name one by its did:key.',
    });
  }
  return key;
}

function missing(wanted: string): OvnError {
  return new OvnError('key', `the keyring has no key ${wanted}`, {
    hint: 'ovn key ls shows what it has; ovn key import takes in a copy.',
  });
}

async function readKey(dir: string, info: KeyInfo, identity: AgeIdentity | undefined): Promise<LoadedKey> {
  const file = readSecret(join(dir, info.file));
  const pem =
    info.encrypted && identity !== undefined ? await decryptWith(identity, file) : file.toString('latin1');
  const privateKey = parsePem(pem, info.file);
  if (didKeyOf(privateKey) !== info.did)
    throw new OvnError('damaged', `${info.file} holds another key than it says`);
  return { ...info, privateKey };
}

function parsePem(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new OvnError('damaged', `${file} holds no key`, {
      hint: 'Restore it from a backup.',
      cause: error,
    });
  }
}

async function unlock(dir: string, passphrase: string | undefined): Promise<AgeIdentity> {
  if (!passphrase) {
    throw new OvnError('key', 'the keys are locked with a passphrase', {
      hint: 'Give it on a terminal, in OVN_PASSPHRASE or with --passphrase-file.',
    });
  }
  return parseIdentity(await decryptWithPassphrase(passphrase, readSecret(join(dir, IDENTITY))));
}

async function openOrCreateIdentity(dir: string, passphrase: string | undefined): Promise<AgeIdentity> {
  if (isLocked(dir) || !passphrase) return unlock(dir, passphrase);
  const identity = await generateIdentity();
  writeSecret(join(dir, IDENTITY), await encryptWithPassphrase(passphrase, formatIdentity(identity)));
  return identity;
}
