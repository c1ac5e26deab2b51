import { isLocked, loadKeys } from '../repo/keyring.ts';
import type { Repository } from '../repo/repository.ts';
import type { Signer } from '../trust/proof.ts';
import { signerOf } from '../trust/sign-document.ts';
import { askPassphrase } from './passphrase.ts';
import type { Terminal } from './terminal.ts';

type SigningRole = 'desk' | 'edition';

/** The keys that a publication signs with, unlocked at most once, and only when the first is asked for. */
export function openSigners(
  { keysDir }: Repository,
  terminal: Terminal,
  passphraseFile: string | undefined,
): (role: SigningRole) => Promise<Signer> {
  let unlocked: Promise<Map<string, Signer>> | undefined;
  const unlock = async (): Promise<Map<string, Signer>> => {
    const passphrase = isLocked(keysDir)
      ? await askPassphrase(terminal, passphraseFile, 'Passphrase of the keys: ')
      : undefined;
    const keys = await loadKeys(keysDir, ['desk', 'edition'], passphrase);
    return new Map(keys.map(({ role, privateKey }) => [role, signerOf(privateKey)]));
  };
  return async (role) => {
    unlocked ??= unlock();
    const signer = (await unlocked).get(role);
    if (signer === undefined) throw new Error(`no ${role} key was loaded`);
    return signer;
  };
}
