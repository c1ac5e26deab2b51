import { sign, verify } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encryptTo, generateIdentity } from '../../src/repo/age.ts';
import { createKeys, isLocked, listKeys, loadKey, loadKeys } from '../../src/repo/keyring.ts';
import { publicKeyOf } from '../../src/trust/did-key.ts';
import { ROLES } from '../../src/trust/masthead.ts';
import { relockCheaply, workFactorOf } from '../helpers/cheap-keyring.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const PASSPHRASE = 'correct horse battery staple';
const newDir = () => join(temporaryFolder(), '.ovn', 'keys');
const modeOf = (path: string) => statSync(path).mode & 0o777;
const aKeyError = expect.objectContaining({ code: 'key' });

describe('a keyring without passphrase', () => {
  it('makes a key a role, each in a file that only its owner can read', async () => {
    const dir = newDir();
    expect(listKeys(dir)).toEqual([]);
    const keys = await createKeys(dir, ROLES, undefined);
    expect(listKeys(dir)).toEqual(keys);
    expect(keys.map(({ role }) => role)).toEqual(ROLES);
    expect(new Set(keys.map(({ did }) => did)).size).toBe(ROLES.length);
    expect(readdirSync(dir).sort()).toEqual(keys.map(({ file }) => file).sort());
    for (const { file } of keys) expect(modeOf(join(dir, file))).toBe(0o600);
    expect(modeOf(dir)).toBe(0o700);
    expect(isLocked(dir)).toBe(false);
  });

  it('loads the key that a role or a did:key names: it signs what the did:key verifies', async () => {
    const dir = newDir();
    const [desk] = await createKeys(dir, ['desk', 'edition'], undefined);
    const { privateKey, did } = await loadKey(dir, 'desk');
    expect(did).toBe(desk?.did);
    const message = Buffer.from('message');
    expect(verify(null, message, publicKeyOf(did), sign(null, message, privateKey))).toBe(true);
    expect((await loadKey(dir, did)).privateKey.equals(privateKey)).toBe(true);
  });

  it('does not guess which key is meant', async () => {
    const dir = newDir();
    const [first] = await createKeys(dir, ['desk', 'desk'], undefined);
    await expect(loadKey(dir, 'desk')).rejects.toThrow('several desk keys');
    expect((await loadKey(dir, first?.did ?? '')).did).toBe(first?.did);
    await expect(loadKey(dir, 'log')).rejects.toEqual(aKeyError);
  });

  it.each([0o640, 0o604, 0o620])('refuses a file that others may touch (mode %o)', async (mode) => {
    const dir = newDir();
    const [key] = await createKeys(dir, ['desk'], undefined);
    chmodSync(join(dir, key?.file ?? ''), mode);
    await expect(loadKey(dir, 'desk')).rejects.toEqual(
      expect.objectContaining({ code: 'key', hint: expect.stringContaining('chmod 600') }),
    );
  });

  it('notices a file under the name of another key, and one that holds no key', async () => {
    const dir = newDir();
    const [desk, edition] = await createKeys(dir, ['desk', 'edition'], undefined);
    copyFileSync(join(dir, desk?.file ?? ''), join(dir, edition?.file ?? ''));
    await expect(loadKey(dir, 'edition')).rejects.toEqual(expect.objectContaining({ code: 'damaged' }));
    writeFileSync(join(dir, edition?.file ?? ''), 'nothing');
    await expect(loadKey(dir, 'edition')).rejects.toEqual(expect.objectContaining({ code: 'damaged' }));
  });

  it('passes over files that are no keys', async () => {
    const dir = newDir();
    const [key] = await createKeys(dir, ['desk'], undefined);
    for (const name of ['notes.txt', 'boss-z6Mk.pem', `${key?.file}.1.tmp`])
      writeFileSync(join(dir, name), '');
    expect(listKeys(dir)).toEqual([key]);
  });
});

describe('a keyring with a passphrase', () => {
  let original: string;
  let asMade: Uint8Array;
  beforeAll(async () => {
    original = mkdtempSync(join(tmpdir(), 'ovn-keys-'));
    await createKeys(original, ['desk'], PASSPHRASE); // once: a key derivation takes a second
    asMade = readFileSync(join(original, 'identity.age'));
    await relockCheaply(original, PASSPHRASE);
  });
  afterAll(() => rmSync(original, { recursive: true }));

  const lockedDir = () => {
    const dir = newDir();
    cpSync(original, dir, { recursive: true });
    const [desk] = listKeys(dir);
    return { dir, desk, path: join(dir, desk?.file ?? '') };
  };

  it('makes a wrong one cost as much work as age does, and loads with the right one', async () => {
    const { dir, desk } = lockedDir();
    writeFileSync(join(dir, 'identity.age'), asMade);
    expect(workFactorOf(asMade)).toBe(18);
    expect((await loadKey(dir, 'desk', PASSPHRASE)).did).toBe(desk?.did);
  });

  it('lists without it and loads with it, also keys that were added later', async () => {
    const { dir, desk } = lockedDir();
    const [edition] = await createKeys(dir, ['edition'], PASSPHRASE);
    expect(isLocked(dir)).toBe(true);
    expect(listKeys(dir)).toEqual([edition, desk]);
    for (const name of readdirSync(dir)) {
      expect(modeOf(join(dir, name))).toBe(0o600);
      expect(readFileSync(join(dir, name), 'latin1')).toMatch(/^age-encryption\.org\/v1\n/);
    }
    const loaded = await loadKeys(dir, ['desk', 'edition'], PASSPHRASE);
    expect(loaded.map(({ did }) => did)).toEqual([desk?.did, edition?.did]);
  });

  it('refuses a wrong passphrase and none, for reading and for adding', async () => {
    const { dir } = lockedDir();
    await expect(loadKey(dir, 'desk', 'wrong')).rejects.toEqual(
      expect.objectContaining({ code: 'key', message: 'wrong passphrase' }),
    );
    await expect(loadKey(dir, 'desk')).rejects.toEqual(aKeyError);
    await expect(loadKey(dir, 'desk', '')).rejects.toEqual(aKeyError);
    await expect(createKeys(dir, ['log'], 'wrong')).rejects.toEqual(aKeyError);
    await expect(createKeys(dir, ['log'], undefined)).rejects.toEqual(aKeyError);
    expect(listKeys(dir)).toHaveLength(1);
  });

  it('can be read with age alone', async () => {
    const { dir, path } = lockedDir();
    const outer = new Decrypter();
    outer.addPassphrase(PASSPHRASE);
    const identity = await outer.decrypt(readFileSync(join(dir, 'identity.age')), 'text');
    expect(identity).toMatch(/^# public key: age1[a-z0-9]+\nAGE-SECRET-KEY-1[A-Z0-9]+\n$/);
    const inner = new Decrypter();
    inner.addIdentity(identity.split('\n')[1] ?? '');
    expect(await inner.decrypt(readFileSync(path), 'text')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  });

  it('tells of a file that is damaged, and of one that was encrypted elsewhere', async () => {
    const { dir, path } = lockedDir();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1));
    await expect(loadKey(dir, 'desk', PASSPHRASE)).rejects.toEqual(
      expect.objectContaining({ code: 'malformed' }),
    );
    writeFileSync(path, await encryptTo((await generateIdentity()).recipient, 'secret'));
    await expect(loadKey(dir, 'desk', PASSPHRASE)).rejects.toThrow('another identity');
  });
});
