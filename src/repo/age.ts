import type { Decrypter } from 'age-encryption';
import { OvnError } from '../errors.ts';

/** The age format (C2SP age.md). Loaded only when there is something to encrypt or decrypt: it is a large module. */
const load = () => import('age-encryption');

/** A key pair of age: what is encrypted to the recipient is read with the identity. */
export interface AgeIdentity {
  /** `AGE-SECRET-KEY-1…` */
  secret: string;
  /** `age1…` */
  recipient: string;
}

export async function generateIdentity(): Promise<AgeIdentity> {
  const age = await load();
  const secret = await age.generateX25519Identity();
  return { secret, recipient: await age.identityToRecipient(secret) };
}

/** The identity in an identity file of age: comments and one secret. */
export async function parseIdentity(text: string): Promise<AgeIdentity> {
  const secret = text.split('\n').find((line) => line.startsWith('AGE-SECRET-KEY-1'));
  if (secret === undefined) throw new OvnError('damaged', 'the identity of the keyring holds no key');
  const age = await load();
  return { secret: secret.trim(), recipient: await age.identityToRecipient(secret.trim()) };
}

/** An identity file as `age-keygen` writes it. */
export function formatIdentity({ secret, recipient }: AgeIdentity): string {
  return `# public key: ${recipient}\n${secret}\n`;
}

export async function encryptTo(recipient: string, text: string): Promise<Uint8Array> {
  const age = await load();
  const encrypter = new age.Encrypter();
  encrypter.addRecipient(recipient);
  return encrypter.encrypt(text);
}

/** Takes about a second: that is what protects a passphrase. */
export async function encryptWithPassphrase(passphrase: string, text: string): Promise<Uint8Array> {
  const age = await load();
  const encrypter = new age.Encrypter();
  encrypter.setPassphrase(passphrase);
  return encrypter.encrypt(text);
}

/** @throws {OvnError} `key` when the file is for another identity; `malformed` when it is no age file. */
export async function decryptWith(identity: AgeIdentity, file: Uint8Array): Promise<string> {
  return decrypt(file, 'the key is encrypted to another identity than that of the keyring', (decrypter) =>
    decrypter.addIdentity(identity.secret),
  );
}

/** @throws {OvnError} `key` for a wrong passphrase; `malformed` when it is no age file. */
export async function decryptWithPassphrase(passphrase: string, file: Uint8Array): Promise<string> {
  return decrypt(file, 'wrong passphrase', (decrypter) => decrypter.addPassphrase(passphrase));
}

/** The text form of an age file, for terminals and mails. */
export async function armor(file: Uint8Array): Promise<string> {
  return (await load()).armor.encode(file);
}

/** The binary form of an age file in either form; `undefined` when it is none. */
export async function dearmor(file: Uint8Array): Promise<Uint8Array | undefined> {
  const text = Buffer.from(file).toString('latin1').trimStart();
  if (text.startsWith('age-encryption.org/v1\n')) return file;
  if (!text.startsWith('-----BEGIN AGE ENCRYPTED FILE-----')) return undefined;
  try {
    return (await load()).armor.decode(text);
  } catch (error) {
    throw new OvnError('malformed', 'the armor of the age file is broken', { cause: error });
  }
}

async function decrypt(
  file: Uint8Array,
  refusal: string,
  unlock: (decrypter: Decrypter) => void,
): Promise<string> {
  const age = await load();
  const decrypter = new age.Decrypter();
  unlock(decrypter);
  try {
    return await decrypter.decrypt(file, 'text');
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('no identity matched'))
      throw new OvnError('key', refusal);
    throw new OvnError('malformed', 'the age file is damaged', { cause: error });
  }
}
