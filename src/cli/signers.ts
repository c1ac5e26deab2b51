import { isLocked, listKeys, loadKeys } from '../repo/keyring.ts';
import type { Repository } from '../repo/repository.ts';
import { readMastheads } from '../trust/masthead-chain.ts';
import type { Signer } from '../trust/proof.ts';
import { selectKey } from '../trust/select-key.ts';
import { signerOf } from '../trust/sign-document.ts';
import { askPassphrase } from './passphrase.ts';
import type { Terminal } from './terminal.ts';

const SIGNING_ROLES = ['desk', 'edition', 'log'] as const;
type SigningRole = (typeof SIGNING_ROLES)[number];

/** The keys that a publication signs with, unlocked at most once, and only when the first is asked for. */
export function openSigners(
  repository: Repository,
  terminal: Terminal,
  passphraseFile: string | undefined,
): (role: SigningRole) => Promise<Signer> {
  const { keysDir } = repository;
  let unlocked: Promise<Map<string, Signer>> | undefined;
  const unlock = async (): Promise<Map<string, Signer>> => {
    const mastheads = readMastheads(repository.mastheads().map(({ bytes }) => bytes));
    const held = listKeys(keysDir);
    const wanted = SIGNING_ROLES.map((role) => {
      const dids = held.filter((key) => key.role === role).map(({ did }) => did);
      return selectKey(mastheads, role, dids);
    });
    const passphrase = isLocked(keysDir)
      ? await askPassphrase(terminal, passphraseFile, 'Passphrase of the keys: ')
      : undefined;
    const keys = await loadKeys(keysDir, wanted, passphrase);
    return new Map(keys.map(({ role, privateKey }) => [role, signerOf(privateKey)]));
  };
  return async (role) => {
    unlocked ??= unlock();
    const signer = (await unlocked).get(role);
    if (signer === undefined) throw new Error(`no ${role} key was loaded`);
    return signer;
  };
}
