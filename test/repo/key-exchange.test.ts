import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { Decrypter } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { exportKey, importKey } from '../../src/repo/key-exchange.ts';
import { createKeys, listKeys, loadKey, pemOf } from '../../src/repo/keyring.ts';
import { didKeyOf } from '../../src/trust/did-key.ts';
import { temporaryFolder } from '../helpers/folder.ts';

const newDir = () => join(temporaryFolder(), 'keys');
const bytes = (text: string) => Buffer.from(text);
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
    const [key] = await createKeys(from, ['desk'], 'one');
    const file = await exportKey(from, key?.did ?? '', {
      format: 'age',
      passphrase: 'one',
      exportPassphrase: 'two',
    });
    expect(file).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
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
    const binary = armor.decode(await exportKey(from, 'log', { format: 'age', exportPassphrase: 'two' }));
    const reader = new Decrypter();
    reader.addPassphrase('two');
    expect(await reader.decrypt(binary, 'text')).toBe(await exportKey(from, 'log', { format: 'pem' }));
    await importKey(to, 'log', binary, { filePassphrase: 'two' });
    expect(listKeys(to)).toEqual(listKeys(from));
  });

  it('do not hand out a locked key, nor an age file without a passphrase', async () => {
    const dir = newDir();
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
