import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { OvnError } from '../errors.ts';
import { readSecret, writeSecret } from './key-file.ts';
import { openSecret, sealSecret } from './keyring.ts';

/** Names of homes: of files, too. */
export const HOME_NAME = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** Of the keyring. */
const FOLDER = 'homes';

/**
 * Keeps the token of a home in the keyring, in the place of one that is there.
 *
 * @throws {OvnError} `key` when the keyring's passphrase is missing or wrong.
 */
export async function storeToken(
  keysDir: string,
  home: string,
  token: string,
  passphrase: string | undefined,
): Promise<void> {
  const { content, encrypted } = await sealSecret(keysDir, token, passphrase);
  removeToken(keysDir, home);
  writeSecret(pathOf(keysDir, home, encrypted), content);
}

/** Whether the token of a home is encrypted; `undefined` where there is none. */
export function tokenState(keysDir: string, home: string): 'plain' | 'encrypted' | undefined {
  if (existsSync(pathOf(keysDir, home, true))) return 'encrypted';
  return existsSync(pathOf(keysDir, home, false)) ? 'plain' : undefined;
}

/**
 * Reads the token of a home.
 *
 * @param passphrase asked only for one that is encrypted.
 * @throws {OvnError} `key` when there is none, others can read it, or the passphrase is missing or wrong.
 */
export async function readToken(
  keysDir: string,
  home: string,
  passphrase: () => Promise<string | undefined>,
): Promise<string> {
  const state = tokenState(keysDir, home);
  if (state === undefined) {
    throw new OvnError('key', `the keyring has no token for ${home}`, {
      hint: `ovn remote rm ${home}, and add it again: --token-stdin puts its token into the keyring.`,
    });
  }
  const content = readSecret(pathOf(keysDir, home, state === 'encrypted'));
  return state === 'plain' ? content.toString('latin1') : openSecret(keysDir, content, await passphrase());
}

export function removeToken(keysDir: string, home: string): void {
  for (const encrypted of [true, false]) rmSync(pathOf(keysDir, home, encrypted), { force: true });
}

function pathOf(keysDir: string, home: string, encrypted: boolean): string {
  if (!HOME_NAME.test(home)) throw new OvnError('usage', `${home} is no name of a remote`);
  return join(keysDir, FOLDER, `${home}.token${encrypted ? '.age' : ''}`);
}
