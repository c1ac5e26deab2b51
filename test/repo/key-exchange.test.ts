import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import { Decrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { formatName, nameOfKey } from '../../src/node/names/name.ts';
import { exportKey, importKey } from '../../src/repo/key-exchange.ts';
import { createKeys, listKeys, loadKey, pemOf } from '../../src/repo/keyring.ts';
import { didKeyOf, rawKeyOf } from '../../src/trust/did-key.ts';
import { lockCheaply, workFactorOf } from '../helpers/cheap-keyring.ts';
import { temporaryFolder } from '../helpers/folder.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';

const KUBO_NAME = 'k51qzi5uqu5dkd6z24ac2wzzfccqs8rrtu2t20zesvnyh77c7h755kgc04za7x';

const newDir = () => join(temporaryFolder(), 'keys');
const bytes = (text: string | Uint8Array) => Buffer.from(text);
const withCode = (code: string) => expect.objectContaining({ code });

describe('exportKey and importKey', () => {
  it('go there and back in the clear', async () => {
    const [from, to] = [newDir(), newDir()];
    const [key] = await createKeys(from, ['desk'], undefined);
    const pem = await exportKey(from, 'desk', { format: 'pem' });
    expect(pem).toMatch(/^-----BEGIN PRIVATE KEY-----\n[\s\S]+\n-----END PRIVATE KEY-----\n$/);
    expect(await importKey(to, 'desk', bytes(pem), {})).toEqual(key);
    expect((await loadKey(to, 'desk')).did).toBe(key?.did);
  });

  it('go there and back as an age file, between keyrings with passphrases of their own', async () => {
    const [from, to] = [newDir(), newDir()];
    await lockCheaply(from, 'one');
    await lockCheaply(to, 'three');
    const [key] = await createKeys(from, ['desk'], 'one');
    const file = await exportKey(from, key?.did ?? '', {
      format: 'age',
      passphrase: 'one',
      exportPassphrase: 'two',
    });
    expect(file.toString()).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    await expect(importKey(to, 'desk', bytes(file), { passphrase: 'three' })).rejects.toEqual(
      withCode('key'),
    );
    await expect(importKey(to, 'desk', bytes(file), { filePassphrase: 'one' })).rejects.toThrow(
      'wrong passphrase',
    );
    await importKey(to, 'desk', bytes(file), { passphrase: 'three', filePassphrase: 'two' });
    expect((await loadKey(to, 'desk', 'three')).did).toBe(key?.did);
    expect(listKeys(to)).toEqual([{ ...key, encrypted: true }]);
  });

  it('write age files that any reader of age decrypts, armored or not', async () => {
    const { armor } = await import('age-encryption');
    const [from, to] = [newDir(), newDir()];
    await createKeys(from, ['log'], undefined);
    const file = await exportKey(from, 'log', { format: 'age', exportPassphrase: 'two' });
    const binary = armor.decode(String(file));
    expect(workFactorOf(binary)).toBe(18);
    const reader = new Decrypter();
    reader.addPassphrase('two');
    expect(await reader.decrypt(binary, 'text')).toBe(await exportKey(from, 'log', { format: 'pem' }));
    await importKey(to, 'log', binary, { filePassphrase: 'two' });
    expect(listKeys(to)).toEqual(listKeys(from));
  });

  it('do not hand out a locked key, nor an age file without a passphrase', async () => {
    const dir = newDir();
    await lockCheaply(dir, 'one');
    await createKeys(dir, ['desk'], 'one');
    await expect(exportKey(dir, 'desk', { format: 'pem' })).rejects.toEqual(withCode('key'));
    await expect(exportKey(dir, 'desk', { format: 'age', passphrase: 'one' })).rejects.toEqual(
      withCode('key'),
    );
  });

  it('take in encrypted PKCS#8 of OpenSSL', async () => {
    const dir = newDir();
    const { privateKey } = generateKeyPairSync('ed25519');
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'two' });
    const file = bytes(pem as string);
    await expect(importKey(dir, 'name', file, {})).rejects.toEqual(withCode('key'));
    await expect(importKey(dir, 'name', file, { filePassphrase: 'one' })).rejects.toEqual(withCode('key'));
    expect((await importKey(dir, 'name', file, { filePassphrase: 'two' })).did).toBe(didKeyOf(privateKey));
  });

  it('exchange keys with IPFS nodes, which know them by the name that we do', async () => {
    const [from, to] = [newDir(), newDir()];
    const [key] = await createKeys(from, ['name'], undefined);
    const file = bytes(await exportKey(from, 'name', { format: 'libp2p' }));
    const theirs = privateKeyFromProtobuf(file);
    expect(theirs.publicKey.toCID().equals(nameOfKey(rawKeyOf(key?.did ?? '')))).toBe(true);
    expect(bytes(privateKeyToProtobuf(theirs)).equals(file)).toBe(true);
    expect(await importKey(to, 'name', file, {})).toEqual(key);
  });

  it.skipIf(!hasVectors)('take in what Kubo exported, and give it out again', async () => {
    const dir = newDir();
    const file = readFileSync(vectors('kubo/test-key.libp2p'));
    const { did } = await importKey(dir, 'name', file, {});
    expect(formatName(nameOfKey(rawKeyOf(did)))).toBe(KUBO_NAME);
    expect(bytes(await exportKey(dir, 'name', { format: 'libp2p' })).equals(file)).toBe(true);
  });

  it('refuse a libp2p key that is torn, of another kind, or of two halves', async () => {
    const dir = newDir();
    const file = privateKeyToProtobuf(await generateKeyPair('Ed25519'));
    const other = privateKeyToProtobuf(await generateKeyPair('Ed25519'));
    const mixed = Buffer.concat([file.subarray(0, 36), other.subarray(36)]);
    const rsa = privateKeyToProtobuf(await generateKeyPair('secp256k1'));
    await expect(importKey(dir, 'name', file.subarray(0, 60), {})).rejects.toEqual(withCode('malformed'));
    await expect(importKey(dir, 'name', mixed, {})).rejects.toEqual(withCode('malformed'));
    await expect(importKey(dir, 'name', rsa, {})).rejects.toEqual(withCode('key'));
    expect(listKeys(dir)).toEqual([]);
  });

  it('refuse a key that is there, another kind of key, and what is no key', async () => {
    const dir = newDir();
    await createKeys(dir, ['desk'], undefined);
    const pem = bytes(await exportKey(dir, 'desk', { format: 'pem' }));
    await expect(importKey(dir, 'desk', pem, {})).rejects.toEqual(withCode('exists'));
    expect(await importKey(dir, 'edition', pem, {})).toMatchObject({ role: 'edition' });
    const x25519 = bytes(pemOf(generateKeyPairSync('x25519').privateKey));
    await expect(importKey(dir, 'log', x25519, {})).rejects.toEqual(withCode('key'));
    await expect(importKey(dir, 'log', bytes('hello'), {})).rejects.toEqual(withCode('malformed'));
    const torn = bytes('-----BEGIN AGE ENCRYPTED FILE-----\nYWdl');
    await expect(importKey(dir, 'log', torn, { filePassphrase: 'x' })).rejects.toEqual(withCode('malformed'));
    await expect(importKey(dir, 'log', new Uint8Array(70_000), {})).rejects.toEqual(withCode('limit'));
    expect(listKeys(dir).map(({ role }) => role)).toEqual(['edition', 'desk']);
  });
});
