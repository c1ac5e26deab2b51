import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Encrypter } from 'age-encryption';
import { decryptWithPassphrase, formatIdentity, generateIdentity } from '../../src/repo/age.ts';
import { writeSecret } from '../../src/repo/key-file.ts';

/** A hundredth of a second, where a passphrase that protects something costs a second and more. */
const WORK_FACTOR = 10;

/**
 * Gives a keyring a passphrase that costs little to try: the age format says in every file how much work it was locked with, and the
 * program takes a file at its word. For tests in which the strength of the lock is not the point.
 */
export async function lockCheaply(keysDir: string, passphrase: string, identity?: string): Promise<void> {
  const encrypter = new Encrypter();
  encrypter.setPassphrase(passphrase);
  encrypter.setScryptWorkFactor(WORK_FACTOR);
  const locked = await encrypter.encrypt(identity ?? formatIdentity(await generateIdentity()));
  writeSecret(join(keysDir, 'identity.age'), locked);
}

/** Locks a keyring that the program locked with the same identity and passphrase, only cheaply. */
export async function relockCheaply(keysDir: string, passphrase: string): Promise<void> {
  const path = join(keysDir, 'identity.age');
  const identity = await decryptWithPassphrase(passphrase, readFileSync(path));
  rmSync(path);
  await lockCheaply(keysDir, passphrase, identity);
}

/** How much work trying a passphrase of an age file takes, as its first lines say: the power of two that scrypt is given. */
export function workFactorOf(file: Uint8Array): number {
  const [, factor] = /\n-> scrypt \S+ (\d+)\n/.exec(Buffer.from(file).toString('latin1')) ?? [];
  return Number(factor);
}
